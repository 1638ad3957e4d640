import { MantineProvider } from "@mantine/core";
import { DatesProvider } from "@mantine/dates";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { queryClient } from "@/api/client";
import { Gate } from "@/app/Gate";
import { cssVariables, theme } from "@/app/theme";

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <DatesProvider settings={{ firstDayOfWeek: 1, weekendDays: [] }}>
        <QueryClientProvider client={queryClient}>
          <Notifications position="top-right" autoClose={4500} />
          <Gate />
        </QueryClientProvider>
      </DatesProvider>
    </MantineProvider>
  );
}
