import type { ReactNode } from "react";
import { useSession } from "../auth/session";
import { Icon } from "../brand/icon";
import { Logo } from "../brand/logo";
import { ThemeToggle } from "../theme/theme_toggle";
import { Popover } from "./popover";
import { Shortcuts } from "./shortcuts";
import "./top_bar.css";

export function TopBar({ children }: { children: ReactNode }) {
  const { user, end } = useSession();
  const name = user.displayName || user.userName;
  return (
    <header className="top-bar">
      <h1 className="top-bar-brand">
        <Logo size={24} />
        Tarn
      </h1>
      <div className="top-bar-tools">
        {children}
        <Shortcuts />
        <ThemeToggle />
        <Popover
          label="Account"
          button_class="account-button"
          button_label={`Account of ${name}`}
          button={<span aria-hidden="true">{(name[0] ?? "?").toUpperCase()}</span>}
        >
          {() => (
            <div className="account">
              <p className="account-name">{name}</p>
              {name !== user.userName && <p className="account-user">{user.userName}</p>}
              <button type="button" className="button" onClick={() => end()}>
                <Icon name="leave" />
                Sign out
              </button>
            </div>
          )}
        </Popover>
      </div>
    </header>
  );
}
