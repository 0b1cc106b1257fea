import { callAllPages } from "./http";

export interface CatalogInfo {
  name: string;
  comment?: string;
  owner?: string;
}

export function listCatalogs(token: string): Promise<CatalogInfo[]> {
  return callAllPages(token, "/api/2.1/unity-catalog/catalogs", "catalogs");
}
