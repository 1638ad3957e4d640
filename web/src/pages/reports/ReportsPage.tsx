import "@mantine/charts/styles.css";
import { Button, Card, Group, SegmentedControl, SimpleGrid, Skeleton, Stack, Text, Title } from "@mantine/core";
import { BarChart } from "@mantine/charts";
import { DatePickerInput } from "@mantine/dates";
import { IconChartBar, IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { useReport } from "@/api/posts";
import type { Report } from "@/api/types";
import { useAccount } from "@/app/account";
import { downloadCsv } from "@/pages/reports/csv";
import { NetworkBars } from "@/pages/reports/NetworkBars";
import { ReportTable } from "@/pages/reports/ReportTable";
import { ButtonLink } from "@/ui/ButtonLink";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHeader } from "@/ui/PageHeader";
import { addDays, duration, today, wallDay } from "@/ui/time";
import { METRIC_NAMES, count, plural } from "@/ui/words";

const SPANS = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
];

const spanUntilToday = (zone: string, days: number): [string, string] => [addDays(today(zone), 1 - days), today(zone)];

function daysBetween([from, to]: [string, string]): string[] {
  const days = [];
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
  return days;
}

export default function ReportsPage() {
  const { time_zone: zone } = useAccount();
  const [span, setSpan] = useState("30");
  const [[from, to], setRange] = useState<[string | null, string | null]>(spanUntilToday(zone, 30));
  const [shown, setShown] = useState<[string, string]>(spanUntilToday(zone, 30));
  const report = useReport(shown[0], addDays(shown[1], 1));
  return (
    <>
      <PageHeader title="Reports" hint="What went live, how punctually, and what it brought.">
        <SegmentedControl
          data={SPANS}
          value={span}
          onChange={(value) => {
            setSpan(value);
            setRange(spanUntilToday(zone, Number(value)));
            setShown(spanUntilToday(zone, Number(value)));
          }}
          aria-label="Span"
          data-testid="report-span"
        />
        <DatePickerInput
          type="range"
          aria-label="From and to"
          valueFormat="D MMM YYYY"
          value={[from, to]}
          onChange={(range) => {
            setRange(range);
            if (range[0] && range[1]) {
              setSpan("");
              setShown([range[0], range[1]]);
            }
          }}
          maxDate={today(zone)}
          w={232}
          data-testid="report-range"
        />
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          disabled={!report.data?.rows.length}
          onClick={() => report.data && downloadCsv(report.data, shown)}
          data-testid="report-csv"
        >
          CSV
        </Button>
      </PageHeader>
      {report.isError && <ErrorNote error={report.error} onRetry={() => void report.refetch()} />}
      {report.isPending && <Skeleton h={560} />}
      {report.data &&
        (report.data.totals.deliveries > 0 ? (
          <ReportBody report={report.data} zone={zone} days={daysBetween(shown)} />
        ) : (
          <NothingYet />
        ))}
    </>
  );
}

function NothingYet() {
  return (
    <Card>
      <EmptyState icon={IconChartBar} title="No numbers in this span">
        <Text className="soft" size="sm" mb="md">
          Numbers appear some minutes after a post went live, and are read again for days.
        </Text>
        <ButtonLink href="/calendar" variant="light">
          See what is planned
        </ButtonLink>
      </EmptyState>
    </Card>
  );
}

function Figure({ label, value, hint }: { label: string; value: string; hint?: string | undefined }) {
  return (
    <Card p="md">
      <Text size="sm" className="soft">
        {label}
      </Text>
      <Title order={2} fz={28} className="numeric">
        {value}
      </Title>
      <Text size="xs" className="soft" mih={18}>
        {hint}
      </Text>
    </Card>
  );
}

function ReportBody({ report, zone, days }: { report: Report; zone: string; days: string[] }) {
  const { totals, lateness } = report;
  const byDay = new Map(report.by_day.map((day) => [day.on, day]));
  const ms = (value: number | null) => (value === null ? "–" : duration(value));
  const wrong = [totals.failed && `${totals.failed} failed`, totals.unconfirmed && `${totals.unconfirmed} to check`]
    .filter(Boolean)
    .join(", ");
  return (
    <Stack gap="lg" data-testid="report">
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="md">
        <Figure label="Live" value={count(totals.published)} hint={wrong || `from ${plural(totals.posts, "post")}`} />
        {(["views", "reach", "likes", "comments", "shares"] as const).map((metric) => (
          <Figure key={metric} label={METRIC_NAMES[metric]} value={count(totals.metrics[metric])} />
        ))}
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Card>
          <Title order={3} mb="md">
            By day
          </Title>
          <BarChart
            h={250}
            data={days.map((on) => ({
              views: 0,
              likes: 0,
              ...byDay.get(on),
              day: wallDay(`${on}T00:00:00`).replace(/^\w+,? /, ""),
            }))}
            dataKey="day"
            series={[
              { name: "views", label: "Views", color: "pine.6" },
              { name: "likes", label: "Likes", color: "clay.5" },
            ]}
            valueFormatter={(value) => count(value)}
            tickLine="none"
            gridAxis="x"
            withLegend
            strokeDasharray="0"
            barProps={{ radius: 4, maxBarSize: 26, isAnimationActive: false }}
          />
        </Card>
        <Card>
          <NetworkBars networks={report.by_network} />
        </Card>
      </SimpleGrid>
      <Card data-testid="punctuality">
        <Group justify="space-between" align="baseline">
          <Title order={3}>Punctuality</Title>
          <Text size="sm" className="soft">
            From the planned time to live, {plural(lateness.count, "delivery", "deliveries")}
          </Text>
        </Group>
        <SimpleGrid cols={3} mt="sm">
          {(
            [
              ["Half within", lateness.p50_ms],
              ["95% within", lateness.p95_ms],
              ["99% within", lateness.p99_ms],
            ] as const
          ).map(([label, value]) => (
            <div key={label}>
              <Text size="sm" className="soft">
                {label}
              </Text>
              <Text fz={22} fw={650} className="numeric">
                {ms(value)}
              </Text>
            </div>
          ))}
        </SimpleGrid>
      </Card>
      <ReportTable rows={report.rows} zone={zone} />
    </Stack>
  );
}
