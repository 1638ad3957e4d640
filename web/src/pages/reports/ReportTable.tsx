import { Card, Group, Table, Text, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { Link } from "wouter";
import type { ReportRow } from "@/api/types";
import { columnValue, COLUMNS, type ColumnKey } from "@/pages/reports/columns";
import { NetworkGlyph } from "@/ui/NetworkGlyph";
import { Thumbnail } from "@/ui/Thumbnail";
import { duration, instantMoment } from "@/ui/time";
import { count } from "@/ui/words";

interface Order {
  by: ColumnKey;
  isDown: boolean;
}

/** Unknown numbers stand last, whichever way it is sorted. */
function compare(left: ReportRow, right: ReportRow, { by, isDown }: Order): number {
  const [a, b] = [columnValue(left, by), columnValue(right, by)];
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const order = a < b ? -1 : a > b ? 1 : 0;
  return isDown ? -order : order;
}

export function ReportTable({ rows, zone }: { rows: ReportRow[]; zone: string }) {
  const [order, setOrder] = useState<Order>({ by: "published_at", isDown: true });
  const sorted = useMemo(() => rows.toSorted((left, right) => compare(left, right, order)), [rows, order]);
  return (
    <Card p={0}>
      <Table.ScrollContainer minWidth={900}>
        <Table highlightOnHover verticalSpacing="sm" horizontalSpacing="md" data-testid="report-table">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w="34%">Post</Table.Th>
              {COLUMNS.map(({ key, label }) => {
                const isBy = order.by === key;
                return (
                  <Table.Th
                    key={key}
                    ta="right"
                    aria-sort={isBy ? (order.isDown ? "descending" : "ascending") : "none"}
                  >
                    <UnstyledButton
                      fz="sm"
                      fw={650}
                      onClick={() => setOrder({ by: key, isDown: isBy ? !order.isDown : true })}
                      style={{ display: "inline-flex", alignItems: "center", gap: 3, whiteSpace: "nowrap" }}
                      data-testid={`sort-${key}`}
                    >
                      {label}
                      {isBy &&
                        (order.isDown ? (
                          <IconArrowDown size={13} aria-hidden />
                        ) : (
                          <IconArrowUp size={13} aria-hidden />
                        ))}
                    </UnstyledButton>
                  </Table.Th>
                );
              })}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sorted.map((row) => (
              <Table.Tr key={row.delivery_id} data-testid="report-row">
                <Table.Td>
                  <Link href={`/posts/${row.post_id}`} className="plain-link">
                    <Group wrap="nowrap" gap="sm">
                      <Thumbnail url={row.thumbnail_url} size={40} />
                      <div style={{ minWidth: 0 }}>
                        <Text size="sm" fw={550} className="clamp-1">
                          {row.caption || "Without a caption"}
                        </Text>
                        <Group gap={5} wrap="nowrap">
                          <NetworkGlyph network={row.network} size={13} />
                          <Text size="xs" className="soft" truncate>
                            {row.profile_name}
                          </Text>
                        </Group>
                      </div>
                    </Group>
                  </Link>
                </Table.Td>
                {COLUMNS.map(({ key }) => (
                  <Table.Td key={key} ta="right" className="numeric" style={{ whiteSpace: "nowrap" }}>
                    {cell(row, key, zone)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  );
}

function cell(row: ReportRow, key: ColumnKey, zone: string): string {
  if (key === "published_at") return row.published_at ? instantMoment(row.published_at, zone) : "–";
  if (key === "lateness_ms") return row.lateness_ms === null ? "–" : duration(row.lateness_ms);
  return count(row.metrics[key]);
}
