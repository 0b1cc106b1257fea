import { type ReactNode, useEffect, useId, useRef, useState } from "react";

interface Props {
  /** Accessible name of the panel. */
  label: string;
  button_class: string;
  button_label?: string;
  button: ReactNode;
  children: (close: () => void) => ReactNode;
  align?: "start" | "end";
}

/** A button with a small dialog under it; Escape and a click elsewhere close it. */
export function Popover({ label, button_class, button_label, button, children, align = "end" }: Props) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const id = useId();

  const close = () => {
    setOpen(false);
    trigger.current?.focus();
  };

  useEffect(() => {
    if (!open) return;
    panel.current?.querySelector<HTMLElement>("input:checked, button, input, a")?.focus();
    const leave = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", leave);
    document.addEventListener("focusin", leave);
    return () => {
      document.removeEventListener("pointerdown", leave);
      document.removeEventListener("focusin", leave);
    };
  }, [open]);

  return (
    // biome-ignore lint: only catches Escape of what is inside
    <div
      className="popover"
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.preventDefault();
        event.stopPropagation();
        close();
      }}
    >
      <button
        ref={trigger}
        type="button"
        className={button_class}
        aria-label={button_label}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && (
        <div
          ref={panel}
          id={id}
          role="dialog"
          aria-label={label}
          className={`popover-panel popover-${align}`}
        >
          {children(close)}
        </div>
      )}
    </div>
  );
}
