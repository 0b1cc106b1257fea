/** What fits in a cell; the whole value is behind Enter or a double click. */
const kMaxShown = 400;

/** A value on one line. */
export function cellText(value: string): string {
  return (value.length > kMaxShown ? value.slice(0, kMaxShown) : value).replace(/\r?\n/g, " ↵ ");
}
