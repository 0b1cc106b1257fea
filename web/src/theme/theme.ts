/** Light, dark, or what the system says. styles/tokens.css does the rest. */
export type Theme = "system" | "light" | "dark";

const kThemeKey = "tarn.theme";

export function storedTheme(): Theme {
  const value = localStorage.getItem(kThemeKey);
  return value === "light" || value === "dark" ? value : "system";
}

export function applyTheme(theme: Theme): void {
  localStorage.setItem(kThemeKey, theme);
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
