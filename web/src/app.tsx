import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import { ApiError } from "./api/http";
import { logout } from "./api/login";
import { me, type User } from "./api/scim";
import { type Session, SessionContext } from "./auth/session";
import { SignIn } from "./auth/sign_in";
import { forgetSession, storedToken, storeToken } from "./auth/token_storage";
import { Logo } from "./brand/logo";

// The editor is most of the page's weight: it comes while the token is typed or checked.
const workspace_module = import("./layout/workspace");
const Workspace = lazy(async () => ({ default: (await workspace_module).Workspace }));

type Identity =
  | { status: "checking"; token: string }
  | { status: "signed_in"; token: string; user: User }
  | { status: "signed_out"; notice: string | null };

function firstIdentity(): Identity {
  const token = storedToken();
  return token ? { status: "checking", token } : { status: "signed_out", notice: null };
}

/** Signed in or not: a token of this tab is checked before anything is shown. */
export function App() {
  const [identity, setIdentity] = useState(firstIdentity);

  useEffect(() => {
    if (identity.status !== "checking") return;
    const { token } = identity;
    me(token).then(
      (user) => setIdentity({ status: "signed_in", token, user }),
      (error: Error) => {
        const expired = error instanceof ApiError && error.is_sign_in_needed;
        if (expired) forgetSession();
        const notice = expired ? "Your session has ended. Sign in again." : error.message;
        setIdentity({ status: "signed_out", notice });
      },
    );
  }, [identity]);

  const end = useCallback((reason?: string) => {
    // Work is lost only when the user says so: a session that ran out keeps the drafts of the tab.
    if (reason === undefined) {
      const token = storedToken();
      forgetSession();
      // A server that cannot be told ends the session by itself when its time is over.
      if (token) logout(token).catch(() => undefined);
    } else {
      sessionStorage.removeItem("tarn.token");
    }
    setIdentity({ status: "signed_out", notice: reason ?? null });
  }, []);

  const session = useMemo<Session | null>(
    () =>
      identity.status === "signed_in"
        ? { token: identity.token, user: identity.user, end }
        : null,
    [identity, end],
  );

  const splash = (
    <main className="splash" aria-busy="true" aria-label="Signing in">
      <Logo size={44} />
    </main>
  );
  if (identity.status === "checking") return splash;
  if (!session) {
    return (
      <SignIn
        notice={identity.status === "signed_out" ? identity.notice : null}
        onSignedIn={(token, user) => {
          storeToken(token);
          setIdentity({ status: "signed_in", token, user });
        }}
      />
    );
  }
  return (
    <SessionContext value={session}>
      <Suspense fallback={splash}>
        <Workspace key={session.token} />
      </Suspense>
    </SessionContext>
  );
}
