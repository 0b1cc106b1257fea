import { callAllPages } from "./http";

export interface VolumeInfo {
  name: string;
  catalog_name: string;
  schema_name: string;
  volume_type?: string;
  comment?: string;
}

export function listVolumes(
  token: string,
  catalog_name: string,
  schema_name: string,
): Promise<VolumeInfo[]> {
  const query = { catalog_name, schema_name };
  return callAllPages(token, "/api/2.1/unity-catalog/volumes", "volumes", { query });
}
