/** Panes that F6 goes through, in reading order; those not on the page are left out. */
const kPanes = [".side-pane [role=tree], .side-pane .history-list button", ".cm-content", ".results-focus"];

/** Moves the focus to the next pane, or back with `direction` -1. */
export function focusNextPane(direction: 1 | -1): void {
  const targets = kPanes
    .map((selector) => document.querySelector<HTMLElement>(selector))
    .filter((target) => target !== null && target.offsetParent !== null) as HTMLElement[];
  const here = targets.findIndex((target) => {
    const pane = target.closest("[data-pane]") ?? target;
    return pane.contains(document.activeElement);
  });
  const count = targets.length;
  targets[here < 0 ? 0 : (here + direction + count) % count]?.focus();
}
