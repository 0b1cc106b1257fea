import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from "react";
import { useElementSize } from "../layout/element_size";
import { useObservable } from "../layout/observable";
import { CellInspector } from "./cell_inspector";
import { canvasMeasure, firstWidths } from "./column_widths";
import { copyText } from "./clipboard";
import { tsvText } from "./csv";
import { GridHeader } from "./grid_header";
import { GridRow } from "./grid_row";
import { type GridCell, type GridSelection, rectangleOf, selectionAfterKey, singleCell } from "./grid_selection";
import "./result_grid.css";
import type { ResultRows } from "./result_rows";

interface Props {
  rows: ResultRows;
  /** Tells people what a key did: "12 cells copied". */
  onSay: (text: string) => void;
}

const kRowHeight = 27;
const kHeaderHeight = 44;

function cellAt(target: EventTarget): GridCell | null {
  const cell = (target as HTMLElement).closest<HTMLElement>("[data-row][data-column]");
  return cell && { row: Number(cell.dataset.row), column: Number(cell.dataset.column) };
}

/** The grid of the ARIA practices over rows that are drawn, and loaded, only where one looks. */
export function ResultGrid({ rows, onSay }: Props) {
  useObservable(rows);
  const scroller = useRef<HTMLDivElement>(null);
  const { height } = useElementSize(scroller);
  const [selection, setSelection] = useState<GridSelection>(singleCell({ row: 0, column: 0 }));
  const [touched, setTouched] = useState(false);
  const [inspected, setInspected] = useState<GridCell | null>(null);
  const [widths, setWidths] = useState(() =>
    firstWidths(
      rows.columns,
      Array.from({ length: Math.min(rows.row_count, 80) }, (_, i) => rows.row(i)),
      canvasMeasure(getComputedStyle(document.body).fontFamily),
    ),
  );
  const dragging = useRef(false);
  const number_width = 24 + String(rows.row_count).length * 8;

  const lines = useVirtualizer({
    count: rows.row_count,
    getScrollElement: () => scroller.current,
    estimateSize: () => kRowHeight,
    overscan: 8,
    scrollPaddingStart: kHeaderHeight,
    useFlushSync: false,
  });
  const columns = useVirtualizer({
    horizontal: true,
    count: rows.columns.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => widths[index] ?? 100,
    overscan: 3,
    scrollPaddingStart: number_width,
    useFlushSync: false,
  });
  useEffect(() => columns.measure(), [columns, widths]);

  const drawn = lines.getVirtualItems();
  const first = drawn[0]?.index ?? 0;
  const last = drawn.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.row_count > 0 && !rows.failure) rows.request(first, last);
  }, [rows, first, last, rows.failure]);

  const select = (next: GridSelection) => {
    setSelection(next);
    setTouched(true);
    lines.scrollToIndex(next.head.row, { align: "auto" });
    columns.scrollToIndex(next.head.column, { align: "auto" });
  };

  const copy = async () => {
    const { top, bottom, left, right } = rectangleOf(selection);
    const picked = (await rows.slice(top, bottom)).map((row) => row.slice(left, right + 1));
    await copyText(tsvText(picked));
    const count = picked.length * (right - left + 1);
    onSay(count === 1 ? "Cell copied" : `${count.toLocaleString("en-US")} cells copied`);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (rows.row_count === 0) return;
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key.toLowerCase() === "c") {
      copy().catch((error: Error) => onSay(error.message));
    } else if (event.key === "Enter" || event.key === "F2") {
      setInspected(selection.head);
    } else {
      const page = Math.max(1, Math.floor((height - kHeaderHeight) / kRowHeight) - 1);
      const bounds = { rows: rows.row_count, columns: rows.columns.length, page };
      const next = selectionAfterKey(selection, event, bounds);
      if (!next) return;
      select(next);
    }
    event.preventDefault();
  };

  const onMouseDown = (event: MouseEvent) => {
    const cell = cellAt(event.target);
    if (!cell || event.button !== 0) return;
    dragging.current = true;
    setTouched(true);
    setSelection(event.shiftKey ? { anchor: selection.anchor, head: cell } : singleCell(cell));
  };
  const onMouseMove = (event: MouseEvent) => {
    if (!dragging.current || event.buttons !== 1) return;
    const head = cellAt(event.target);
    if (head) setSelection({ anchor: selection.anchor, head });
  };

  const inspected_column = inspected && rows.columns[inspected.column];
  return (
    <div className="result-grid-frame">
      <div
        ref={scroller}
        className="result-grid results-focus"
        role="grid"
        tabIndex={0}
        aria-label="Result"
        aria-rowcount={rows.row_count + 1}
        aria-colcount={rows.columns.length + 1}
        aria-multiselectable="true"
        aria-activedescendant={
          rows.row_count > 0 ? `cell-${selection.head.row}-${selection.head.column}` : undefined
        }
        onFocus={() => setTouched(true)}
        onKeyDown={onKeyDown}
        onMouseDown={onMouseDown}
        onMouseMove={onMouseMove}
        onMouseUp={() => (dragging.current = false)}
        onDoubleClick={(event) => setInspected(cellAt(event.target))}
      >
        <GridHeader
          columns={rows.columns}
          items={columns.getVirtualItems()}
          total_width={columns.getTotalSize()}
          number_width={number_width}
          onResize={(index, width) => setWidths(widths.map((old, i) => (i === index ? width : old)))}
        />
        <div
          role="rowgroup"
          className="grid-body"
          style={{ height: lines.getTotalSize(), width: number_width + columns.getTotalSize() }}
        >
          {drawn.map((line) => (
            <GridRow
              key={line.key}
              index={line.index}
              top={line.start}
              row={rows.row(line.index)}
              columns={rows.columns}
              items={columns.getVirtualItems()}
              number_width={number_width}
              selection={touched ? selection : null}
            />
          ))}
        </div>
      </div>
      {inspected && inspected_column && (
        <CellInspector
          column={inspected_column}
          row_number={inspected.row + 1}
          value={rows.row(inspected.row)?.[inspected.column] ?? null}
          onSay={onSay}
          onClose={() => {
            setInspected(null);
            scroller.current?.focus();
          }}
        />
      )}
    </div>
  );
}
