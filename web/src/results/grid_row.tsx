import type { VirtualItem } from "@tanstack/react-virtual";
import type { ColumnInfo, ResultRow } from "../api/statements";
import { cellText } from "./cell_text";
import { isNumeric } from "./column_widths";
import { type GridSelection, rectangleOf } from "./grid_selection";

interface Props {
  index: number;
  top: number;
  /** undefined while its chunk is on the way. */
  row: ResultRow | undefined;
  columns: readonly ColumnInfo[];
  items: VirtualItem[];
  number_width: number;
  selection: GridSelection | null;
}

export function GridRow({ index, top, row, columns, items, number_width, selection }: Props) {
  const area = selection && rectangleOf(selection);
  const in_rows = area !== null && index >= area.top && index <= area.bottom;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`grid-row${index % 2 ? " is-odd" : ""}`}
      style={{ transform: `translateY(${top}px)` }}
    >
      <div role="rowheader" aria-colindex={1} className="grid-number" style={{ width: number_width }}>
        {index + 1}
      </div>
      {items.map((item) => {
        const value = row?.[item.index];
        const selected = in_rows && item.index >= area.left && item.index <= area.right;
        const head = selection?.head.row === index && selection.head.column === item.index;
        const classes = ["grid-cell"];
        if (isNumeric(columns[item.index] as ColumnInfo)) classes.push("is-numeric");
        if (selected) classes.push("is-selected");
        if (head) classes.push("is-active");
        return (
          <div
            key={item.key}
            id={`cell-${index}-${item.index}`}
            role="gridcell"
            aria-colindex={item.index + 2}
            aria-selected={selected}
            className={classes.join(" ")}
            style={{ left: number_width + item.start, width: item.size }}
            data-row={index}
            data-column={item.index}
          >
            {row === undefined ? (
              <span className="skeleton grid-skeleton" />
            ) : value === null || value === undefined ? (
              <span className="grid-null">NULL</span>
            ) : (
              cellText(value)
            )}
          </div>
        );
      })}
    </div>
  );
}
