import FullCalendar, { useCalendarController, type DatesSetInfo, type EventDropInfo } from "@fullcalendar/react";
import dayGridPlugin from "@fullcalendar/react/daygrid";
import interactionPlugin from "@fullcalendar/react/interaction";
import listPlugin from "@fullcalendar/react/list";
import breezy from "@fullcalendar/react/themes/breezy";
import timeGridPlugin from "@fullcalendar/react/timegrid";
import "@fullcalendar/react/skeleton.css";
import "@fullcalendar/react/themes/breezy/palettes/indigo.css";
import "@fullcalendar/react/themes/breezy/theme.css";
import "@/pages/calendar/calendar.css";
import { Box, Loader, Text, useComputedColorScheme } from "@mantine/core";
import { useMemo, useState } from "react";
import { useLocation, useSearchParams } from "wouter";
import { useCalendar } from "@/api/posts";
import { useAccount, useRights } from "@/app/account";
import { EntryBody } from "@/pages/calendar/EntryBody";
import { CalendarFilters, matches, type CalendarFilter } from "@/pages/calendar/CalendarFilters";
import { CalendarToolbar, type CalendarView } from "@/pages/calendar/CalendarToolbar";
import { entryOf, toEvent } from "@/pages/calendar/events";
import { useMoveEntry } from "@/pages/calendar/useMoveEntry";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHeader } from "@/ui/PageHeader";
import { addDays, daySpan, longDay, monthName, today, wallDay, wallOf, zoneName, zoneOffset } from "@/ui/time";

const PLUGINS = [dayGridPlugin, timeGridPlugin, listPlugin, interactionPlugin, breezy];
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
const isPhone = () => window.matchMedia("(max-width: 48em)").matches;

/** More at the same time than two would be slivers; the rest is behind "+3". A phone's narrow days tell their date too. */
const VIEWS = {
  timeGridWeek: {
    eventMaxStack: 2,
    slotEventOverlap: false,
    ...(isPhone() ? { dayHeaderContent: ({ date }: { date: Date }) => <NarrowDay day={date.toISOString()} /> } : {}),
  },
};

function NarrowDay({ day }: { day: string }) {
  const [weekday, date] = wallDay(day).split(" ");
  return (
    <span className="narrow-day">
      {weekday?.slice(0, 1)}
      <strong>{date}</strong>
    </span>
  );
}

/** Hours scroll within the calendar, so that it opens in the morning; on a phone, days make the page as long as they are. */
function heightOf(view: CalendarView): string {
  if (!isPhone()) return "max(620px, calc(100dvh - 250px))";
  return view === "timeGridWeek" ? "max(420px, calc(100dvh - 280px))" : "auto";
}

export default function CalendarPage() {
  const { time_zone: zone } = useAccount();
  const { canWrite } = useRights();
  const [, navigate] = useLocation();
  const [search] = useSearchParams();
  const scheme = useComputedColorScheme("light");
  const controller = useCalendarController();
  const [view, setView] = useState<CalendarView>(isPhone() ? "listWeek" : "dayGridMonth");
  const [range, setRange] = useState({ from: "", to: "", title: "" });
  const [filter, setFilter] = useState<CalendarFilter>({ networks: [], profiles: [] });
  const calendar = useCalendar(range.from, range.to);
  const moveEntry = useMoveEntry(zone);

  const entries = useMemo(
    () => calendar.data?.entries.filter((entry) => matches(entry, filter)) ?? [],
    [calendar.data, filter],
  );
  const events = useMemo(() => entries.map((entry) => toEvent(entry, zone, canWrite)), [entries, zone, canWrite]);

  const compose = (wall: string) => {
    const isFree = wall.slice(0, 10) >= today(zone);
    if (canWrite && isFree) navigate(`/compose?at=${wall.includes("T") ? wall.slice(0, 19) : wall}`);
  };
  const onDrop = ({ event, revert }: EventDropInfo) => {
    const start = event.start;
    if (start) moveEntry.run({ entry: entryOf(event), local_time: start.toISOString().slice(0, 19), revert });
  };
  const onDates = ({ view: shown }: DatesSetInfo) => {
    const day = (date: Date) => date.toISOString().slice(0, 10);
    const title =
      shown.type === "dayGridMonth"
        ? monthName(day(shown.currentStart))
        : daySpan(day(shown.currentStart), addDays(day(shown.currentEnd), -1));
    setRange({ from: day(shown.activeStart), to: day(shown.activeEnd), title });
  };

  return (
    <>
      <PageHeader title="Calendar" hint={`All profiles · times in ${zoneName(zone)} (${zoneOffset(zone)})`} />
      <CalendarToolbar
        title={range.title}
        view={view}
        onView={(wanted) => {
          setView(wanted);
          controller.changeView(wanted);
        }}
        onPrevious={() => controller.prev()}
        onNext={() => controller.next()}
        onToday={() => controller.gotoDate(today(zone))}
      >
        {calendar.isFetching && <Loader size="xs" aria-label="Loading the calendar" />}
        <CalendarFilters value={filter} onChange={setFilter} />
      </CalendarToolbar>
      {calendar.isError && <ErrorNote error={calendar.error} onRetry={() => void calendar.refetch()} />}
      <Box className="calendar" data-testid="calendar" data-ready={calendar.isSuccess || undefined}>
        <FullCalendar
          plugins={PLUGINS}
          controller={controller}
          colorScheme={scheme}
          headerToolbar={false}
          initialView={view}
          initialDate={search.get("day") ?? today(zone)}
          timeZone="UTC"
          now={() => wallOf(new Date(), zone)}
          nowIndicator
          firstDay={1}
          height={heightOf(view)}
          views={VIEWS}
          popoverClass="calendar-more"
          dayMaxEvents={view === "dayGridMonth" ? 3 : false}
          events={events}
          eventContent={({ event, view: { type } }) => (
            <EntryBody entry={entryOf(event)} wall={event.start?.toISOString() ?? ""} isRow={type.startsWith("list")} />
          )}
          eventDisplay="block"
          eventInteractive
          eventTimeFormat={CLOCK}
          slotHeaderFormat={CLOCK}
          eventDurationEditable={false}
          defaultTimedEventDuration="01:00"
          allDaySlot={false}
          scrollTime="07:00"
          longPressDelay={350}
          eventClick={({ event, jsEvent }) => {
            jsEvent.preventDefault();
            navigate(`/posts/${event.id}`);
          }}
          dateClick={({ dateStr }) => compose(dateStr)}
          eventDrop={onDrop}
          datesSet={onDates}
          listDayClass="agenda-day"
          listDayHeaderClass="agenda-header"
          listDayBodyClass="agenda-body"
          listItemEventClass="agenda-item"
          listItemEventBeforeClass="agenda-dot"
          listDaysClass="agenda"
          listDayHeaderContent={({ date, level }) => (level === 0 ? longDay(date.toISOString().slice(0, 10)) : null)}
          noEventsContent={() => <Text className="soft">Nothing is planned here.</Text>}
        />
      </Box>
      {canWrite && (
        <Text size="sm" className="soft" mt="sm" visibleFrom="sm">
          Click on a day to plan a post. Drag a post to move it to another day.
        </Text>
      )}
    </>
  );
}
