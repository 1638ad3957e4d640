import { Stack } from "@mantine/core";
import { useRights } from "@/app/account";
import { AccountSettings } from "@/pages/settings/AccountSettings";
import { MemberList } from "@/pages/settings/MemberList";
import { TokenSettings } from "@/pages/settings/TokenSettings";
import { PageHeader } from "@/ui/PageHeader";

export default function SettingsPage() {
  const { isAdministrator } = useRights();
  return (
    <Stack gap="lg" maw={820}>
      <PageHeader title="Settings" hint={isAdministrator ? undefined : "Only administrators can change these."} />
      <AccountSettings />
      <MemberList />
      {isAdministrator && <TokenSettings />}
    </Stack>
  );
}
