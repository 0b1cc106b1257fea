import { type FormEvent, useId, useState } from "react";
import { ApiError } from "../api/http";
import { login } from "../api/login";
import { me, type User } from "../api/scim";
import { Icon } from "../brand/icon";
import { LakeArt } from "../brand/lake_art";
import { Logo } from "../brand/logo";
import { ThemeToggle } from "../theme/theme_toggle";
import "./sign_in.css";

interface Props {
  /** Why the page is shown again, when it was not asked for. */
  notice: string | null;
  onSignedIn: (token: string, user: User) => void;
}

type Way = "token" | "password";

function textOf(error: unknown): string {
  if (error instanceof ApiError && error.is_sign_in_needed && !error.message) {
    return "The server does not know this token.";
  }
  return error instanceof Error ? error.message : String(error);
}

export function SignIn({ notice, onSignedIn }: Props) {
  const [way, setWay] = useState<Way>("token");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const ids = { error: useId(), token: useId(), user: useId(), password: useId() };

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const form = new FormData(event.currentTarget);
    const field = (name: string) => String(form.get(name) ?? "");
    setBusy(true);
    setError(null);
    try {
      const token =
        way === "token"
          ? field("token").trim()
          : (await login(field("user_name").trim(), field("password"))).token;
      onSignedIn(token, await me(token));
    } catch (thrown) {
      setError(textOf(thrown));
      setBusy(false);
    }
  };

  const choose = (next: Way) => {
    setWay(next);
    setError(null);
  };
  const described = error ? { "aria-invalid": true, "aria-describedby": ids.error } : {};
  return (
    <div className="sign-in">
      <div className="sign-in-art">
        <LakeArt />
      </div>
      <main className="sign-in-main">
        <div className="sign-in-theme">
          <ThemeToggle />
        </div>
        <form className="sign-in-form" onSubmit={submit}>
          <h1 className="sign-in-title">
            <Logo size={34} />
            Tarn
          </h1>
          {notice && !error && (
            <p className="sign-in-notice" role="status">
              {notice}
            </p>
          )}
          <fieldset className="segmented">
            <legend className="visually-hidden">Sign in with</legend>
            {(["token", "password"] as const).map((value) => (
              <label key={value}>
                <input
                  type="radio"
                  name="way"
                  checked={way === value}
                  onChange={() => choose(value)}
                />
                <span>{value === "token" ? "Access token" : "Password"}</span>
              </label>
            ))}
          </fieldset>
          {way === "token" ? (
            <div className="field">
              <label htmlFor={ids.token}>Personal access token</label>
              <input
                id={ids.token}
                key="token"
                name="token"
                type="password"
                autoComplete="off"
                spellCheck={false}
                required
                autoFocus
                {...described}
              />
              <p className="field-hint">
                <code>make up</code> prints one; <code>bin/tarn status</code> says where it is kept.
              </p>
            </div>
          ) : (
            <>
              <div className="field">
                <label htmlFor={ids.user}>User name</label>
                <input
                  id={ids.user}
                  key="user_name"
                  name="user_name"
                  autoComplete="username"
                  spellCheck={false}
                  required
                  autoFocus
                  {...described}
                />
              </div>
              <div className="field">
                <label htmlFor={ids.password}>Password</label>
                <input
                  id={ids.password}
                  name="password"
                  type="password"
                  autoComplete="current-password"
                  required
                  {...described}
                />
                <p className="field-hint">
                  <code>bin/tarn password</code> sets the administrator's.
                </p>
              </div>
            </>
          )}
          {error && (
            <p className="sign-in-error" id={ids.error} role="alert">
              <Icon name="warning" />
              {error}
            </p>
          )}
          <button type="submit" className="button button-primary button-large" disabled={busy}>
            {busy ? "Signing in…" : "Sign in"}
          </button>
        </form>
      </main>
    </div>
  );
}
