import { callAllPages } from "./http";

export interface SchemaInfo {
  name: string;
  catalog_name: string;
  full_name?: string;
  comment?: string;
}

export function listSchemas(token: string, catalog_name: string): Promise<SchemaInfo[]> {
  const query = { catalog_name };
  return callAllPages(token, "/api/2.1/unity-catalog/schemas", "schemas", { query });
}
