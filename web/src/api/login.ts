import { call } from "./http";

export interface LoginResponse {
  token: string;
  /** When the token stops working: epoch milliseconds or RFC 3339. */
  expiry?: number | string;
}

/** Trades user name and password for a short-lived personal access token. */
export function login(user_name: string, password: string): Promise<LoginResponse> {
  return call(null, "/login/password", { method: "POST", body: { user_name, password } });
}
