/** Three lines of water that move while a statement runs. */
export function WaterMark() {
  return (
    <svg className="water-mark" width="72" height="28" viewBox="0 0 72 28" aria-hidden="true">
      <path className="water-mark-1" d="M8 6h56" />
      <path className="water-mark-2" d="M16 14h40" />
      <path className="water-mark-3" d="M26 22h20" />
    </svg>
  );
}
