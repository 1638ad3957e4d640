import { Group, Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";

interface PageHeaderProps {
  title: string;
  hint?: ReactNode;
  children?: ReactNode;
}

export function PageHeader({ title, hint, children }: PageHeaderProps) {
  useDocumentTitle(`${title} · Postline`);
  return (
    <Group justify="space-between" align="flex-end" mb="lg" gap="sm">
      <Stack gap={2} miw={0}>
        <Title order={1}>{title}</Title>
        {hint && (
          <Text className="soft" size="sm" component="div">
            {hint}
          </Text>
        )}
      </Stack>
      {children && <Group gap="xs">{children}</Group>}
    </Group>
  );
}
