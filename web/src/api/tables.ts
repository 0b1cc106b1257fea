import { call, callAllPages } from "./http";

export interface TableColumnInfo {
  name: string;
  type_text?: string;
  type_name?: string;
  position?: number;
  comment?: string;
  nullable?: boolean;
  partition_index?: number;
}

export interface TableInfo {
  name: string;
  catalog_name: string;
  schema_name: string;
  full_name?: string;
  table_type?: string;
  data_source_format?: string;
  comment?: string;
  columns?: TableColumnInfo[];
}

const kRoot = "/api/2.1/unity-catalog/tables";

/** Names only; columns come from getTable when somebody looks at them. */
export function listTables(
  token: string,
  catalog_name: string,
  schema_name: string,
): Promise<TableInfo[]> {
  const query = { catalog_name, schema_name, omit_columns: true, omit_properties: true };
  return callAllPages(token, kRoot, "tables", { query });
}

export function getTable(token: string, full_name: string): Promise<TableInfo> {
  return call(token, `${kRoot}/${encodeURIComponent(full_name)}`);
}
