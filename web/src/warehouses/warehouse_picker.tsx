import { Icon } from "../brand/icon";
import { Popover } from "../layout/popover";
import type { Warehouses } from "./use_warehouses";
import { WarehouseRow } from "./warehouse_row";
import { WarehouseStateDot } from "./warehouse_state_dot";
import "./warehouse_picker.css";

/** Which warehouse runs the statements, how it is, and the switch to start or stop it. */
export function WarehousePicker({ warehouses }: { warehouses: Warehouses }) {
  const { list, selected, failure } = warehouses;
  const name = selected?.name ?? (list ? "No warehouse" : "Warehouses…");
  const state = selected?.state.toLowerCase() ?? "";
  return (
    <Popover
      label="SQL warehouses"
      button_class="warehouse-button"
      button={
        <>
          <WarehouseStateDot state={selected?.state ?? null} />
          <span className="visually-hidden">SQL warehouse:</span>
          <span className="warehouse-name">{name}</span>
          {state && <span className="warehouse-state">{state}</span>}
          <Icon name="chevron" className="warehouse-chevron" />
        </>
      }
    >
      {() => (
        <div className="warehouse-panel">
          <h2 className="popover-heading">Run statements on</h2>
          {failure && (
            <p className="warehouse-failure" role="alert">
              {failure}
            </p>
          )}
          {list?.length === 0 && !failure && (
            <p className="warehouse-none">
              There is no SQL warehouse that you may use. An administrator can create one or grant you
              one.
            </p>
          )}
          <div role="radiogroup" aria-label="SQL warehouse">
            {list?.map((warehouse) => (
              <WarehouseRow
                key={warehouse.id}
                warehouse={warehouse}
                chosen={warehouse.id === selected?.id}
                warehouses={warehouses}
              />
            ))}
          </div>
        </div>
      )}
    </Popover>
  );
}
