import { Badge, Tooltip } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";

const SHORT = 8;

/** The content's hash in short: what was signed is what is published. */
export function SignedHash({ hash }: { hash: string }) {
  return (
    <Tooltip label={`Only exactly this content is published: ${hash}`}>
      <Badge
        color="slate"
        ff="monospace"
        size="sm"
        leftSection={<IconShieldCheck size={12} aria-hidden />}
        data-testid="signed"
      >
        signed {hash.slice(0, SHORT)}
      </Badge>
    </Tooltip>
  );
}
