/** For each pane in reading order, where its focus goes: the first of these that is on the page. */
const kPanes = [
  [".side-pane [role=tree]", ".side-pane .history-list button", ".side-pane input"],
  [".cm-content"],
  [".results-focus"],
];

function targetOf(selectors: readonly string[]): HTMLElement | null {
  for (const selector of selectors) {
    const target = document.querySelector<HTMLElement>(selector);
    if (target && target.offsetParent !== null) return target;
  }
  return null;
}

/** Moves the focus to the next pane that is shown, or back with `direction` -1. */
export function focusNextPane(direction: 1 | -1): void {
  const targets = kPanes.map(targetOf).filter((target) => target !== null);
  const here = targets.findIndex((target) => {
    const pane = target.closest("[data-pane]") ?? target;
    return pane.contains(document.activeElement);
  });
  const count = targets.length;
  targets[here < 0 ? 0 : (here + direction + count) % count]?.focus();
}
