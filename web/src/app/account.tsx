import { createContext, useContext, type ReactNode } from "react";
import type { Account, Membership, Session } from "@/api/types";

interface Here {
  session: Session;
  membership: Membership;
  choose: (accountId: string) => void;
}

const HereContext = createContext<Here | null>(null);

export function HereProvider({ value, children }: { value: Here; children: ReactNode }) {
  return <HereContext value={value}>{children}</HereContext>;
}

/** Who is signed in, and in which account. */
export function useHere(): Here {
  const here = useContext(HereContext);
  if (!here) throw new Error("useHere is used outside of a signed-in page");
  return here;
}

export const useAccount = (): Account => useHere().membership.account;
export const useAccountId = (): string => useAccount().id;

/** What the person may do here. */
export function useRights() {
  const { role } = useHere().membership;
  return { isAdministrator: role === "administrator", canWrite: role !== "viewer" };
}
