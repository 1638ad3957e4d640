import { Skeleton, Stack } from "@mantine/core";
import { IconCompass } from "@tabler/icons-react";
import { Suspense, lazy } from "react";
import { Route, Switch } from "wouter";
import { useAccount } from "@/app/account";
import { HomePage } from "@/pages/home/HomePage";
import { SwitchOnPage } from "@/pages/home/SwitchOnPage";
import { ButtonLink } from "@/ui/ButtonLink";
import { EmptyState } from "@/ui/EmptyState";

const CalendarPage = lazy(() => import("@/pages/calendar/CalendarPage"));
const ComposePage = lazy(() => import("@/pages/compose/ComposePage"));
const PostsPage = lazy(() => import("@/pages/posts/PostsPage"));
const PostPage = lazy(() => import("@/pages/posts/PostPage"));
const ApprovalsPage = lazy(() => import("@/pages/approvals/ApprovalsPage"));
const ConnectionsPage = lazy(() => import("@/pages/connections/ConnectionsPage"));
const ReportsPage = lazy(() => import("@/pages/reports/ReportsPage"));
const SettingsPage = lazy(() => import("@/pages/settings/SettingsPage"));
const ActivityPage = lazy(() => import("@/pages/activity/ActivityPage"));

export function Pages() {
  if (!useAccount().is_enabled) return <SwitchOnPage />;
  return (
    <Suspense fallback={<PageLoading />}>
      <Switch>
        <Route path="/" component={HomePage} />
        <Route path="/calendar" component={CalendarPage} />
        <Route path="/compose/:id?">{({ id }) => <ComposePage key={id ?? "new"} id={id} />}</Route>
        <Route path="/posts" component={PostsPage} />
        <Route path="/posts/:id">{({ id }) => <PostPage key={id} id={id} />}</Route>
        <Route path="/approvals" component={ApprovalsPage} />
        <Route path="/connections" component={ConnectionsPage} />
        <Route path="/reports" component={ReportsPage} />
        <Route path="/settings" component={SettingsPage} />
        <Route path="/activity" component={ActivityPage} />
        <Route>
          <EmptyState icon={IconCompass} title="There is nothing at this address">
            <ButtonLink href="/">Go home</ButtonLink>
          </EmptyState>
        </Route>
      </Switch>
    </Suspense>
  );
}

function PageLoading() {
  return (
    <Stack aria-busy="true" aria-label="Loading the page">
      <Skeleton h={34} w={220} mb="sm" />
      <Skeleton h={120} />
      <Skeleton h={320} />
    </Stack>
  );
}
