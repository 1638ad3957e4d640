import { Stack } from "@mantine/core";
import { useRights } from "@/app/account";
import { AccountSettings } from "@/pages/settings/AccountSettings";
import { MemberList } from "@/pages/settings/MemberList";
import { TokenSettings } from "@/pages/settings/TokenSettings";
import { PageHeader } from "@/ui/PageHeader";

export default function SettingsPage() {
  const { isAdministrator } = useRights();
  return (
    <>
      <PageHeader
        title="Settings"
        hint={isAdministrator ? "For everybody in this account." : "Only administrators can change these."}
      />
      <Stack gap="lg" maw={820}>
        <AccountSettings />
        <MemberList />
        {isAdministrator && <TokenSettings />}
      </Stack>
    </>
  );
}
