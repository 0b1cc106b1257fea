const kInteger = new Intl.NumberFormat("en-US");

/** "336,776 rows", "1 row". */
export function countText(count: number, noun: string): string {
  return `${kInteger.format(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** "48 ms", "1.24 s", "2 min 5 s". */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.max(1, Math.round(milliseconds))} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** The clock while something runs: "0.3 s", "1 min 02 s". */
export function elapsedText(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}
