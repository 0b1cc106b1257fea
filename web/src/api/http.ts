/** The one place that talks to the network: bearer token in, typed JSON or ApiError out. */

/** An answer of the server that is not a success, in the shape of the public API. */
export class ApiError extends Error {
  constructor(
    readonly http_status: number,
    readonly error_code: string,
    message: string,
    readonly request_id: string | null = null,
  ) {
    super(message);
    this.name = "ApiError";
  }

  /** The token is missing, wrong or expired: only signing in again can help. */
  get is_sign_in_needed(): boolean {
    if (this.http_status === 401) return true;
    // A bad or expired token and a deactivated user are answered with 403 and this code, a lack of
    // rights with a code of its own.
    return this.http_status === 403 && this.error_code === "403";
  }
}

export interface CallOptions {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  signal?: AbortSignal;
}

function urlOf(path: string, query: CallOptions["query"]): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) search.append(name, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

async function errorOf(response: Response): Promise<ApiError> {
  const request_id = response.headers.get("x-request-id");
  const text = await response.text().catch(() => "");
  try {
    const body = JSON.parse(text) as Record<string, unknown>;
    // SCIM answers {detail, status}; everything else {error_code, message}.
    const message = body.message ?? body.detail ?? body.error ?? response.statusText;
    const code = body.error_code ?? body.scimType ?? response.status;
    return new ApiError(response.status, String(code), String(message), request_id);
  } catch {
    const message = text.trim().slice(0, 300) || response.statusText || "The server gave no reason.";
    return new ApiError(response.status, String(response.status), message, request_id);
  }
}

/** Calls the API with `token`, or without credentials when it is null. */
export async function call<T>(
  token: string | null,
  path: string,
  options: CallOptions = {},
): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (token !== null) headers.Authorization = `Bearer ${token}`;
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(urlOf(path, options.query), {
      method: options.method ?? "GET",
      headers,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
      credentials: "omit",
      cache: "no-store",
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ApiError(0, "UNREACHABLE", "The Tarn server cannot be reached. Is it running?");
  }
  if (!response.ok) throw await errorOf(response);
  const text = await response.text();
  return (text === "" ? {} : JSON.parse(text)) as T;
}

/** Follows `next_page_token` to the end and returns the items of all pages. */
export async function callAllPages<T, K extends string>(
  token: string | null,
  path: string,
  items_key: K,
  options: CallOptions = {},
): Promise<T[]> {
  type Page = { [key in K]?: T[] } & { next_page_token?: string };
  const items: T[] = [];
  let page_token: string | undefined;
  do {
    const query = { ...options.query, page_token };
    const page = await call<Page>(token, path, { ...options, query });
    items.push(...(page[items_key] ?? []));
    page_token = page.next_page_token || undefined;
  } while (page_token);
  return items;
}
