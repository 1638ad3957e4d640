import { Box, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface EmptyStateProps {
  icon: Icon;
  title: string;
  /** What to do next. */
  children?: ReactNode;
  compact?: boolean;
}

export function EmptyState({ icon: Glyph, title, children, compact = false }: EmptyStateProps) {
  return (
    <Stack align="center" gap="xs" py={compact ? "lg" : 56} px="md" ta="center" data-testid="empty-state">
      <ThemeIcon size={compact ? 42 : 58} radius={99} variant="light" color="pine">
        <Glyph size={compact ? 21 : 28} stroke={1.6} aria-hidden />
      </ThemeIcon>
      <Title order={compact ? 3 : 2} mt={compact ? 0 : "xs"}>
        {title}
      </Title>
      {typeof children === "string" ? (
        <Text className="soft" maw={420} size="sm">
          {children}
        </Text>
      ) : (
        <Box maw={460}>{children}</Box>
      )}
    </Stack>
  );
}
