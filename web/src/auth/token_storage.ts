/** The token lives in this tab only: sessionStorage is gone when the tab closes. */
const kTokenKey = "tarn.token";

export function storedToken(): string | null {
  return sessionStorage.getItem(kTokenKey);
}

export function storeToken(token: string): void {
  sessionStorage.setItem(kTokenKey, token);
}

/** Signing out takes the drafts and the history of the tab with it. */
export function forgetSession(): void {
  sessionStorage.clear();
}
