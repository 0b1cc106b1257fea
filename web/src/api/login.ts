import { call } from "./http";

export interface LoginResponse {
  token: string;
  /** When the token stops working, in epoch milliseconds. */
  expiry: number;
}

/** Trades user name and password for a token that works for some hours. */
export function login(user_name: string, password: string): Promise<LoginResponse> {
  return call(null, "/login/password", { method: "POST", body: { user_name, password } });
}

/** Ends the session of a sign-in with a password; a personal access token stays as it is. */
export function logout(token: string): Promise<unknown> {
  return call(token, "/logout", { method: "POST", body: {} });
}
