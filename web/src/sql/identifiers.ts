/** Words that cannot stand as a bare name in any position of a Spark statement. */
const kReservedNames = new Set(
  (
    "all and anti any as between both by case cast check collate column constraint create cross " +
    "cube current_date current_time current_timestamp current_user delete describe distinct drop " +
    "else end escape except exists false fetch filter for foreign from full function grant group " +
    "grouping having in inner insert intersect interval into is join lateral leading left like " +
    "limit minus natural not null of offset on only or order outer overlaps primary qualify " +
    "references right rollup select semi session_user set some table then time to trailing true " +
    "union unique unknown update user using values when where window with within"
  ).split(" "),
);

/** `name` as it must be written in a statement: bare where it may be, else in backquotes. */
export function quoteIdentifier(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !kReservedNames.has(name.toLowerCase())) return name;
  return `\`${name.replaceAll("`", "``")}\``;
}

/** A name of several parts, each quoted where needed. */
export function quoteName(parts: readonly string[]): string {
  return parts.map(quoteIdentifier).join(".");
}

/** The name that `text`, bare or in backquotes, stands for. */
export function unquoteIdentifier(text: string): string {
  if (!text.startsWith("`")) return text;
  const body = text.endsWith("`") && text.length > 1 ? text.slice(1, -1) : text.slice(1);
  return body.replaceAll("``", "`");
}
