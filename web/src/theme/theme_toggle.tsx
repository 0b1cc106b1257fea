import { useState } from "react";
import { Icon } from "../brand/icon";
import { applyTheme, storedTheme, type Theme } from "./theme";

const kNext: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };
const kIcon = { system: "system", light: "sun", dark: "moon" } as const;
const kName: Record<Theme, string> = { system: "as the system", light: "light", dark: "dark" };

/** One button through the three themes; its name says the present one and the next. */
export function ThemeToggle() {
  const [theme, setTheme] = useState(storedTheme);
  const next = kNext[theme];
  return (
    <button
      type="button"
      className="icon-button"
      data-theme-choice={theme}
      aria-label={`Theme: ${kName[theme]}. Change to ${kName[next]}`}
      title={`Theme: ${kName[theme]}`}
      onClick={() => {
        applyTheme(next);
        setTheme(next);
      }}
    >
      <Icon name={kIcon[theme]} />
    </button>
  );
}
