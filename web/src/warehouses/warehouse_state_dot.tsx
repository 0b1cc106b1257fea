import type { WarehouseState } from "../api/warehouses";

/** Shape as well as colour tells the state: full runs, ring is stopped, pulsing is on its way. */
export function WarehouseStateDot({ state }: { state: WarehouseState | null }) {
  return <span className={`state-dot state-dot-${(state ?? "none").toLowerCase()}`} aria-hidden="true" />;
}
