import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import "./pane_divider.css";

interface Props {
  /** What lies across: "vertical" divides left from right. */
  orientation: "vertical" | "horizontal";
  label: string;
  /** Size of the pane before the divider, in pixels. */
  size: number;
  min: number;
  max: number;
  onResize: (size: number) => void;
  /** Size to return to on a double click. */
  rest: number;
  flowing?: boolean;
}

/** The window-splitter of the ARIA practices: drag it, or move it with the arrow keys. */
export function PaneDivider(props: Props) {
  const { orientation, size, min, max, onResize } = props;
  const start = useRef<{ pointer: number; size: number } | null>(null);
  const clamp = (value: number) => Math.round(Math.min(Math.max(value, min), Math.max(min, max)));
  const along = (event: PointerEvent) => (orientation === "vertical" ? event.clientX : event.clientY);

  const onKeyDown = (event: KeyboardEvent) => {
    const back = orientation === "vertical" ? "ArrowLeft" : "ArrowUp";
    const forth = orientation === "vertical" ? "ArrowRight" : "ArrowDown";
    const step = event.shiftKey ? 64 : 16;
    if (event.key === back) onResize(clamp(size - step));
    else if (event.key === forth) onResize(clamp(size + step));
    else if (event.key === "Home") onResize(min);
    else if (event.key === "End") onResize(clamp(max));
    else return;
    event.preventDefault();
  };

  return (
    // biome-ignore lint: a focusable separator is a control
    <div
      role="separator"
      tabIndex={0}
      className={`divider divider-${orientation}${props.flowing ? " is-flowing" : ""}`}
      aria-orientation={orientation}
      aria-label={props.label}
      aria-valuenow={Math.round(size)}
      aria-valuemin={min}
      aria-valuemax={Math.round(Math.max(min, max))}
      onKeyDown={onKeyDown}
      onDoubleClick={() => onResize(clamp(props.rest))}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { pointer: along(event), size };
      }}
      onPointerMove={(event) => {
        if (!start.current) return;
        onResize(clamp(start.current.size + along(event) - start.current.pointer));
      }}
      onPointerUp={() => (start.current = null)}
      onPointerCancel={() => (start.current = null)}
    />
  );
}
