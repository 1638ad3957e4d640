import { ActionIcon, Button, Group, SegmentedControl, Title } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import type { ReactNode } from "react";

export type CalendarView = "dayGridMonth" | "timeGridWeek" | "listWeek";

const VIEWS: { value: CalendarView; label: string }[] = [
  { value: "dayGridMonth", label: "Month" },
  { value: "timeGridWeek", label: "Week" },
  { value: "listWeek", label: "List" },
];

interface CalendarToolbarProps {
  title: string;
  view: CalendarView;
  onView: (view: CalendarView) => void;
  onPrevious: () => void;
  onNext: () => void;
  onToday: () => void;
  children: ReactNode;
}

export function CalendarToolbar({ title, view, onView, onPrevious, onNext, onToday, children }: CalendarToolbarProps) {
  return (
    <Group justify="space-between" mb="md" gap="sm">
      <Group gap="xs" wrap="nowrap">
        <ActionIcon
          variant="default"
          size="lg"
          aria-label="Earlier"
          onClick={onPrevious}
          data-testid="calendar-previous"
        >
          <IconChevronLeft size={18} aria-hidden />
        </ActionIcon>
        <ActionIcon variant="default" size="lg" aria-label="Later" onClick={onNext} data-testid="calendar-next">
          <IconChevronRight size={18} aria-hidden />
        </ActionIcon>
        <Button variant="default" size="sm" onClick={onToday}>
          Today
        </Button>
        <Title order={2} ml="xs" aria-live="polite" fz={{ base: "md", sm: "h2" }}>
          {title}
        </Title>
      </Group>
      <Group gap="xs">
        {children}
        <SegmentedControl
          data={VIEWS}
          value={view}
          onChange={(value) => onView(value as CalendarView)}
          aria-label="View"
          data-testid="calendar-view"
        />
      </Group>
    </Group>
  );
}
