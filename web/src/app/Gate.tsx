import { Center } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useLocation, useSearchParams } from "wouter";
import { ApiError } from "@/api/http";
import { sessionKey, useSessionQuery } from "@/api/session";
import type { Session } from "@/api/types";
import { HereProvider } from "@/app/account";
import { Pages } from "@/app/Pages";
import { Shell } from "@/app/shell/Shell";
import { SignInPage } from "@/pages/signin/SignInPage";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { Logo } from "@/ui/Logo";
import { IconUsers } from "@tabler/icons-react";

/** Shows the sign-in page to strangers and everything else to members. */
export function Gate() {
  const session = useSessionQuery();
  const [location, navigate] = useLocation();
  const [search] = useSearchParams();
  useSignOutWhenRefused();
  const isAtSignIn = location === "/signin";
  const isStranger = session.data === null;

  useEffect(() => {
    if (isStranger && !isAtSignIn) {
      const wanted = window.location.pathname + window.location.search;
      navigate(wanted === "/" ? "/signin" : `/signin?next=${encodeURIComponent(wanted)}`, { replace: true });
    }
    if (session.data && isAtSignIn) navigate(localPath(search.get("next")), { replace: true });
  }, [isStranger, isAtSignIn, session.data, search, navigate]);

  if (session.isPending) {
    return (
      <Center mih="100dvh" aria-busy="true" aria-label="Loading Postline">
        <Logo size={44} className="breathing" />
      </Center>
    );
  }
  if (session.isError) {
    return (
      <Center mih="100dvh" p="md">
        <ErrorNote error={session.error} onRetry={() => void session.refetch()} />
      </Center>
    );
  }
  if (!session.data) return <SignInPage />;
  return <SignedIn session={session.data} />;
}

/** Only a path on this site, so that a crafted link cannot lead elsewhere after signing in. */
const localPath = (next: string | null) => (next && /^\/(?![/\\])/.test(next) ? next : "/");

/** A session that ended shows up as a 401 of any request: ask for the session again, which leads to the sign-in page. */
function useSignOutWhenRefused() {
  const client = useQueryClient();
  useEffect(
    () =>
      client.getQueryCache().subscribe(({ query, type }) => {
        const { error } = query.state;
        if (
          type === "updated" &&
          query.queryKey[0] === "account" &&
          error instanceof ApiError &&
          error.status === 401
        ) {
          client.setQueryData(sessionKey, null);
        }
      }),
    [client],
  );
}

function SignedIn({ session }: { session: Session }) {
  const [chosen, choose] = useLocalStorage({
    key: "postline.account",
    defaultValue: "",
    getInitialValueInEffect: false,
  });
  const membership = session.memberships.find(({ account }) => account.id === chosen) ?? session.memberships[0];
  const here = useMemo(() => (membership ? { session, membership, choose } : null), [session, membership, choose]);
  if (!here) {
    return (
      <Center mih="100dvh">
        <EmptyState icon={IconUsers} title="You belong to no account yet">
          Ask an administrator to invite you.
        </EmptyState>
      </Center>
    );
  }
  return (
    <HereProvider value={here}>
      <Shell>
        <Pages key={here.membership.account.id} />
      </Shell>
    </HereProvider>
  );
}
