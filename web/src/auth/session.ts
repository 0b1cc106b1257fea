import { createContext, use } from "react";
import type { User } from "../api/scim";

/** Who is signed in and with what; everything below the sign-in page has one. */
export interface Session {
  token: string;
  user: User;
  /** Forgets the token; `reason` is shown on the sign-in page. */
  end: (reason?: string) => void;
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error("useSession outside of a signed-in page");
  return session;
}
