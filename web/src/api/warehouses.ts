import { call } from "./http";

export type WarehouseState =
  | "STARTING"
  | "RUNNING"
  | "STOPPING"
  | "STOPPED"
  | "DELETING"
  | "DELETED";

export interface EndpointInfo {
  id: string;
  name: string;
  state: WarehouseState;
  cluster_size?: string;
  auto_stop_mins?: number;
  num_active_sessions?: number;
  health?: { status?: string; summary?: string; details?: string };
}

const kRoot = "/api/2.0/sql/warehouses";

export async function listWarehouses(token: string): Promise<EndpointInfo[]> {
  const answer = await call<{ warehouses?: EndpointInfo[] }>(token, kRoot);
  return answer.warehouses ?? [];
}

export function startWarehouse(token: string, id: string): Promise<unknown> {
  return call(token, `${kRoot}/${encodeURIComponent(id)}/start`, { method: "POST", body: {} });
}

export function stopWarehouse(token: string, id: string): Promise<unknown> {
  return call(token, `${kRoot}/${encodeURIComponent(id)}/stop`, { method: "POST", body: {} });
}
