export interface GridCell {
  row: number;
  column: number;
}

/** A rectangle of cells: from where it was begun to where it was drawn. */
export interface GridSelection {
  anchor: GridCell;
  head: GridCell;
}

export interface GridBounds {
  rows: number;
  columns: number;
  /** Rows of one screen, for PageUp and PageDown. */
  page: number;
}

export interface GridRectangle {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

export function rectangleOf({ anchor, head }: GridSelection): GridRectangle {
  return {
    top: Math.min(anchor.row, head.row),
    bottom: Math.max(anchor.row, head.row),
    left: Math.min(anchor.column, head.column),
    right: Math.max(anchor.column, head.column),
  };
}

export function singleCell(cell: GridCell): GridSelection {
  return { anchor: cell, head: cell };
}

interface Key {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}

function movedHead(head: GridCell, key: Key, bounds: GridBounds): GridCell | null {
  const { row, column } = head;
  const last_row = bounds.rows - 1;
  const last_column = bounds.columns - 1;
  const far = key.ctrlKey || key.metaKey;
  switch (key.key) {
    case "ArrowDown":
      return { row: far ? last_row : row + 1, column };
    case "ArrowUp":
      return { row: far ? 0 : row - 1, column };
    case "ArrowRight":
      return { row, column: far ? last_column : column + 1 };
    case "ArrowLeft":
      return { row, column: far ? 0 : column - 1 };
    case "PageDown":
      return { row: row + bounds.page, column };
    case "PageUp":
      return { row: row - bounds.page, column };
    case "Home":
      return { row: far ? 0 : row, column: 0 };
    case "End":
      return { row: far ? last_row : row, column: last_column };
    default:
      return null;
  }
}

/** The selection after a key, or null when the key does not move it. */
export function selectionAfterKey(
  selection: GridSelection,
  key: Key,
  bounds: GridBounds,
): GridSelection | null {
  if (bounds.rows === 0 || bounds.columns === 0) return null;
  if ((key.ctrlKey || key.metaKey) && key.key.toLowerCase() === "a") {
    const head = { row: bounds.rows - 1, column: bounds.columns - 1 };
    return { anchor: { row: 0, column: 0 }, head };
  }
  const moved = movedHead(selection.head, key, bounds);
  if (!moved) return null;
  const head = {
    row: Math.min(Math.max(moved.row, 0), bounds.rows - 1),
    column: Math.min(Math.max(moved.column, 0), bounds.columns - 1),
  };
  return key.shiftKey ? { anchor: selection.anchor, head } : singleCell(head);
}
