import { call } from "./http";

export type StatementState =
  | "PENDING"
  | "RUNNING"
  | "SUCCEEDED"
  | "FAILED"
  | "CANCELED"
  | "CLOSED";

export interface ServiceError {
  error_code?: string;
  message?: string;
}

export interface StatementStatus {
  state: StatementState;
  error?: ServiceError;
  sql_state?: string;
}

export interface ColumnInfo {
  name: string;
  type_name: string;
  type_text?: string;
  position?: number;
}

export interface BaseChunkInfo {
  chunk_index: number;
  row_offset: number;
  row_count: number;
  byte_count?: number;
}

export interface ResultManifest {
  format?: string;
  schema?: { column_count?: number; columns?: ColumnInfo[] };
  chunks?: BaseChunkInfo[];
  total_chunk_count?: number;
  total_row_count?: number;
  total_byte_count?: number;
  truncated?: boolean;
}

/** Every value is the server's text of it, or null for NULL. */
export type ResultRow = (string | null)[];

export interface ResultData {
  chunk_index?: number;
  row_offset?: number;
  row_count?: number;
  data_array?: ResultRow[];
  next_chunk_index?: number;
  next_chunk_internal_link?: string;
}

export interface StatementResponse {
  statement_id: string;
  status: StatementStatus;
  manifest?: ResultManifest;
  result?: ResultData;
}

export interface ExecuteStatementRequest {
  warehouse_id: string;
  statement: string;
  catalog?: string;
  schema?: string;
  row_limit?: number;
  byte_limit?: number;
}

const kRoot = "/api/2.0/sql/statements";

/** Submits without waiting, so that the id is known at once and a cancel always has a target. */
export function executeStatement(
  token: string,
  request: ExecuteStatementRequest,
  signal?: AbortSignal,
): Promise<StatementResponse> {
  const body = {
    ...request,
    wait_timeout: "0s",
    on_wait_timeout: "CONTINUE",
    disposition: "INLINE",
    format: "JSON_ARRAY",
  };
  return call(token, kRoot, { method: "POST", body, signal });
}

export function getStatement(
  token: string,
  statement_id: string,
  signal?: AbortSignal,
): Promise<StatementResponse> {
  return call(token, `${kRoot}/${statement_id}`, { signal });
}

export function getResultChunk(
  token: string,
  statement_id: string,
  chunk_index: number,
): Promise<ResultData> {
  return call(token, `${kRoot}/${statement_id}/result/chunks/${chunk_index}`);
}

export function cancelStatement(token: string, statement_id: string): Promise<unknown> {
  return call(token, `${kRoot}/${statement_id}/cancel`, { method: "POST", body: {} });
}
