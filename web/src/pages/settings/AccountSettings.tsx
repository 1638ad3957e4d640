import {
  Button,
  Card,
  Divider,
  Fieldset,
  Group,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  TextInput,
  Title,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMemo } from "react";
import { useChangeAccount } from "@/api/account";
import { useAccount, useRights } from "@/app/account";
import { useConfirm } from "@/ui/Confirm";
import { zoneOffset } from "@/ui/time";

function zoneChoices(current: string) {
  const zones = new Set([...Intl.supportedValuesOf("timeZone"), "UTC", current]);
  return [...zones]
    .sort()
    .map((zone) => ({ value: zone, label: `${zone.replaceAll("_", " ")} (${zoneOffset(zone)})` }));
}

export function AccountSettings() {
  const account = useAccount();
  const { isAdministrator } = useRights();
  const save = useChangeAccount("Saved.");
  const switchOff = useChangeAccount("Social publishing is off.");
  const [confirmation, confirm] = useConfirm();
  const zones = useMemo(() => zoneChoices(account.time_zone), [account.time_zone]);
  const form = useForm({
    initialValues: { name: account.name, time_zone: account.time_zone },
    validate: { name: (name) => (name.trim() ? null : "An account needs a name.") },
  });
  return (
    <Card>
      {confirmation}
      <Title order={2} mb="md">
        Account
      </Title>
      <Fieldset variant="unstyled" disabled={!isAdministrator}>
        <form onSubmit={form.onSubmit((values) => save.run(values))}>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput label="Name" data-testid="account-name" {...form.getInputProps("name")} />
            <Select
              label="Time zone"
              description="Times in the calendar are wall-clock times here."
              inputWrapperOrder={["label", "input", "description"]}
              data={zones}
              searchable
              allowDeselect={false}
              limit={80}
              data-testid="account-zone"
              {...form.getInputProps("time_zone")}
            />
          </SimpleGrid>
          {isAdministrator && (
            <Group justify="flex-end" mt="md">
              <Button type="submit" disabled={!form.isDirty()} loading={save.isRunning} data-testid="save-account">
                Save
              </Button>
            </Group>
          )}
        </form>
        <Divider my="md" color="var(--line)" />
        <Stack gap="md">
          <Switch
            label="Posts need approval"
            description="An administrator approves each post before it can be scheduled. Exactly what was approved is published."
            checked={account.requires_approval}
            onChange={(event) => save.run({ requires_approval: event.currentTarget.checked })}
            data-testid="requires-approval"
          />
          <Switch
            label="Social publishing"
            description="Switching it off hides it for everybody in this account."
            checked={account.is_enabled}
            onChange={() =>
              confirm({
                title: "Switch off social publishing?",
                text: "Nothing is deleted. It is hidden until an administrator switches it on again.",
                act: "Switch it off",
                isHarmful: true,
                run: () => switchOff.run({ is_enabled: false }),
              })
            }
            data-testid="module-switch"
          />
        </Stack>
      </Fieldset>
    </Card>
  );
}
