/** A ridge over still water; its reflection is rows. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg className="logo" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path className="logo-ridge" d="M1.5 13.2 8.4 3.4l3.5 5 2.7-3.6 7.9 8.4z" />
      <path className="logo-water" d="M3.5 16.2h17M7 18.9h10M10.4 21.6h3.2" />
    </svg>
  );
}
