import {
  ActionIcon,
  Group,
  ScrollArea,
  Text,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from "@mantine/core";
import {
  IconCalendarMonth,
  IconChartBar,
  IconCircleCheck,
  IconHistory,
  IconHome,
  IconLogout,
  IconMoon,
  IconPlug,
  IconPlus,
  IconSettings,
  IconStack2,
  IconSun,
  type Icon,
} from "@tabler/icons-react";
import { Link, useRoute } from "wouter";
import { useSignOut } from "@/api/session";
import { useHere, useRights } from "@/app/account";
import { AccountSwitcher } from "@/app/shell/AccountSwitcher";
import classes from "@/app/shell/Shell.module.css";
import { useAttention } from "@/app/attention";
import { ButtonLink } from "@/ui/ButtonLink";
import { Logo } from "@/ui/Logo";
import { ROLE_NAMES } from "@/ui/words";

interface SidebarLinkProps {
  href: string;
  pattern?: string;
  icon: Icon;
  label: string;
  count?: number;
  countLabel?: string;
  color?: string;
}

function SidebarLink({
  href,
  pattern = href,
  icon: Glyph,
  label,
  count = 0,
  countLabel,
  color = "pine",
}: SidebarLinkProps) {
  const [isHere] = useRoute(pattern);
  return (
    <Link
      href={href}
      className={classes.link}
      aria-current={isHere ? "page" : undefined}
      data-testid={`nav-${label.toLowerCase()}`}
    >
      <Glyph size={19} stroke={1.7} aria-hidden />
      {label}
      {count > 0 && (
        <span
          className={classes.count}
          style={{
            background: `var(--mantine-color-${color}-light)`,
            color: `var(--mantine-color-${color}-light-color)`,
          }}
          aria-label={`${count} ${countLabel}`}
        >
          {count}
        </span>
      )}
    </Link>
  );
}

export function Sidebar() {
  const { session, membership } = useHere();
  const { canWrite } = useRights();
  const { approvals, attention, connections } = useAttention();
  const signOut = useSignOut();
  return (
    <nav className={classes.sidebar} aria-label="Main">
      <Link href="/" className={classes.brand} aria-label="Postline, home">
        <Logo />
        Postline
      </Link>
      <AccountSwitcher />
      {canWrite && membership.account.is_enabled && (
        <ButtonLink href="/compose" leftSection={<IconPlus size={17} aria-hidden />} data-testid="new-post">
          New post
        </ButtonLink>
      )}
      <ScrollArea flex={1} mx={-4} px={4} type="never">
        <SidebarLink
          href="/"
          icon={IconHome}
          label="Home"
          count={attention}
          countLabel="things need attention"
          color="clay"
        />
        <SidebarLink href="/calendar" icon={IconCalendarMonth} label="Calendar" />
        <SidebarLink href="/posts" pattern="/posts/*?" icon={IconStack2} label="Posts" />
        <SidebarLink
          href="/approvals"
          icon={IconCircleCheck}
          label="Approvals"
          count={approvals}
          countLabel="posts await approval"
          color="honey"
        />
        <SidebarLink href="/reports" icon={IconChartBar} label="Reports" />
        <Text size="xs" fw={650} className="soft" px={10} pt="md" pb={4}>
          Workspace
        </Text>
        <SidebarLink
          href="/connections"
          icon={IconPlug}
          label="Connections"
          count={connections}
          countLabel="connections need a reconnect"
          color="plum"
        />
        <SidebarLink href="/activity" icon={IconHistory} label="Activity" />
        <SidebarLink href="/settings" icon={IconSettings} label="Settings" />
      </ScrollArea>
      <Group justify="space-between" wrap="nowrap" gap={4} px={6}>
        <div style={{ minWidth: 0 }}>
          <Text size="sm" fw={600} truncate>
            {session.user.name}
          </Text>
          <Text size="xs" className="soft" truncate>
            {ROLE_NAMES[membership.role]}
          </Text>
        </div>
        <Group gap={2} wrap="nowrap">
          <SchemeToggle />
          <Tooltip label="Sign out">
            <ActionIcon
              aria-label="Sign out"
              onClick={() => signOut.run()}
              loading={signOut.isRunning}
              data-testid="sign-out"
            >
              <IconLogout size={18} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        </Group>
      </Group>
    </nav>
  );
}

function SchemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme("light") === "dark";
  const label = isDark ? "Light colours" : "Dark colours";
  return (
    <Tooltip label={label}>
      <ActionIcon
        aria-label={label}
        onClick={() => setColorScheme(isDark ? "light" : "dark")}
        data-testid="colour-scheme"
      >
        {isDark ? <IconSun size={18} stroke={1.7} /> : <IconMoon size={18} stroke={1.7} />}
      </ActionIcon>
    </Tooltip>
  );
}
