import { UnstyledButton } from "@mantine/core";
import { IconCalendarMonth, IconHome, IconMenu2, IconPlus, IconStack2, type Icon } from "@tabler/icons-react";
import { Link, useRoute } from "wouter";
import { useRights } from "@/app/account";
import { useAttention } from "@/app/attention";
import classes from "@/app/shell/Shell.module.css";

function Tab({
  href,
  pattern = href,
  icon: Glyph,
  label,
  isMarked = false,
}: {
  href: string;
  pattern?: string;
  icon: Icon;
  label: string;
  isMarked?: boolean;
}) {
  const [isHere] = useRoute(pattern);
  return (
    <Link href={href} className={classes.tab} aria-current={isHere ? "page" : undefined}>
      <Glyph size={22} stroke={1.7} aria-hidden />
      {isMarked && <span className={classes.dot} role="img" aria-label="needs attention" />}
      {label}
    </Link>
  );
}

export function PhoneBar({ onMenu }: { onMenu: () => void }) {
  const { approvals, attention, connections } = useAttention();
  const { canWrite } = useRights();
  const [isComposing] = useRoute("/compose/*?");
  if (isComposing) return null;
  return (
    <nav className={classes.phonebar} aria-label="Tabs">
      <Tab href="/" icon={IconHome} label="Home" isMarked={attention > 0} />
      <Tab href="/calendar" icon={IconCalendarMonth} label="Calendar" />
      {canWrite ? (
        <Link href="/compose" className={classes.compose} aria-label="New post">
          <IconPlus size={24} aria-hidden />
        </Link>
      ) : (
        <span />
      )}
      <Tab href="/posts" pattern="/posts/*?" icon={IconStack2} label="Posts" />
      <UnstyledButton className={classes.tab} onClick={onMenu} data-testid="phone-menu">
        <IconMenu2 size={22} stroke={1.7} aria-hidden />
        {approvals + connections > 0 && <span className={classes.dot} role="img" aria-label="needs attention" />}
        More
      </UnstyledButton>
    </nav>
  );
}
