import type { EndpointInfo } from "../api/warehouses";
import type { Warehouses } from "./use_warehouses";
import { WarehouseStateDot } from "./warehouse_state_dot";

interface Props {
  warehouse: EndpointInfo;
  chosen: boolean;
  warehouses: Warehouses;
}

function describe({ state, cluster_size, auto_stop_mins }: EndpointInfo): string {
  const parts = [state.toLowerCase()];
  if (cluster_size) parts.push(cluster_size);
  if (auto_stop_mins) parts.push(`stops after ${auto_stop_mins} min idle`);
  return parts.join(" · ");
}

export function WarehouseRow({ warehouse, chosen, warehouses }: Props) {
  const { id, name, state, health } = warehouse;
  return (
    <div className={`warehouse-row${chosen ? " is-chosen" : ""}`}>
      <label>
        <input
          type="radio"
          name="warehouse"
          checked={chosen}
          onChange={() => warehouses.select(id)}
        />
        <WarehouseStateDot state={state} />
        <span className="warehouse-row-text">
          <span className="warehouse-row-name">{name}</span>
          <span className="warehouse-row-state">{health?.summary || describe(warehouse)}</span>
        </span>
      </label>
      {state === "STOPPED" || state === "STOPPING" ? (
        <button
          type="button"
          className="button button-small"
          aria-label={`Start ${name}`}
          disabled={state === "STOPPING"}
          onClick={() => warehouses.start(id)}
        >
          Start
        </button>
      ) : (
        <button
          type="button"
          className="button button-small"
          aria-label={`Stop ${name}`}
          onClick={() => warehouses.stop(id)}
        >
          Stop
        </button>
      )}
    </div>
  );
}
