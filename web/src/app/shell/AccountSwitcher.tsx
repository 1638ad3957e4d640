import { Avatar, Menu, Text, UnstyledButton } from "@mantine/core";
import { IconCheck, IconSelector } from "@tabler/icons-react";
import { useLocation } from "wouter";
import { useHere } from "@/app/account";
import classes from "@/app/shell/Shell.module.css";
import { zoneName } from "@/ui/time";

export function AccountSwitcher() {
  const { session, membership, choose } = useHere();
  const [, navigate] = useLocation();
  const { account } = membership;
  const face = (
    <>
      <Avatar name={account.name} color="pine" size={30} radius="sm" aria-hidden />
      <div style={{ minWidth: 0, flex: 1 }}>
        <Text size="sm" fw={650} truncate>
          {account.name}
        </Text>
        <Text size="xs" className="soft" truncate>
          {zoneName(account.time_zone)} time
        </Text>
      </div>
    </>
  );
  if (session.memberships.length < 2) {
    return (
      <div className={classes.account} data-testid="account">
        {face}
      </div>
    );
  }
  return (
    <Menu width={228} position="bottom-start">
      <Menu.Target>
        <UnstyledButton
          className={classes.account}
          aria-label={`Account ${account.name}. Choose another`}
          data-testid="account-switcher"
        >
          {face}
          <IconSelector size={16} className="soft" aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {session.memberships.map((other) => (
          <Menu.Item
            key={other.account.id}
            leftSection={<Avatar name={other.account.name} color="pine" size={22} radius="sm" aria-hidden />}
            rightSection={other.account.id === account.id ? <IconCheck size={15} aria-label="chosen" /> : null}
            onClick={() => {
              choose(other.account.id);
              navigate("/");
            }}
          >
            {other.account.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
