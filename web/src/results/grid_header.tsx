import type { VirtualItem } from "@tanstack/react-virtual";
import { useRef } from "react";
import type { ColumnInfo } from "../api/statements";
import { isNumeric, typeLabel } from "./column_widths";

interface Props {
  columns: readonly ColumnInfo[];
  items: VirtualItem[];
  total_width: number;
  number_width: number;
  onResize: (index: number, width: number) => void;
}

/** Names over types; the line at the right of a name drags its width. */
export function GridHeader({ columns, items, total_width, number_width, onResize }: Props) {
  const drag = useRef<{ x: number; width: number } | null>(null);
  return (
    <div role="rowgroup" className="grid-head" style={{ width: number_width + total_width }}>
      <div role="row" aria-rowindex={1} className="grid-row grid-head-row">
        <div
          role="columnheader"
          aria-colindex={1}
          aria-label="Row number"
          className="grid-number grid-corner"
          style={{ width: number_width }}
        />
        {items.map((item) => {
          const column = columns[item.index] as ColumnInfo;
          return (
            <div
              key={item.key}
              role="columnheader"
              aria-colindex={item.index + 2}
              className={`grid-name${isNumeric(column) ? " is-numeric" : ""}`}
              style={{ left: number_width + item.start, width: item.size }}
              title={`${column.name}: ${typeLabel(column)}`}
            >
              <span className="grid-name-text">{column.name}</span>
              <span className="grid-name-type">{typeLabel(column)}</span>
              <span
                className="grid-resizer"
                aria-hidden="true"
                onPointerDown={(event) => {
                  event.currentTarget.setPointerCapture(event.pointerId);
                  drag.current = { x: event.clientX, width: item.size };
                  event.stopPropagation();
                }}
                onPointerMove={(event) => {
                  if (!drag.current) return;
                  const width = drag.current.width + event.clientX - drag.current.x;
                  onResize(item.index, Math.max(48, width));
                }}
                onPointerUp={() => (drag.current = null)}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}
