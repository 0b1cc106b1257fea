import { call } from "./http";

export interface User {
  id: string;
  userName: string;
  displayName?: string;
  active?: boolean;
}

/** Who the token speaks for; fails when the token is not valid. */
export function me(token: string): Promise<User> {
  return call(token, "/api/2.0/preview/scim/v2/Me");
}
