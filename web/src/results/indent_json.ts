/**
 * JSON text with line breaks and indentation, or null when it is not an object or a list. The text
 * of the values is kept: a parse and print would round a BIGINT.
 */
export function indentJson(text: string): string | null {
  if (!/^\s*[[{]/.test(text)) return null;
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^\s[\]{}:,"]+/g) ?? [];
  let out = "";
  let depth = 0;
  const newLine = () => `\n${"  ".repeat(depth)}`;
  for (const [i, token] of tokens.entries()) {
    const closes = token === "]" || token === "}";
    const was_opened = tokens[i - 1] === "[" || tokens[i - 1] === "{";
    if (closes) depth--;
    if (closes ? !was_opened : was_opened) out += newLine();
    out += token;
    if (token === "[" || token === "{") depth++;
    else if (token === ",") out += newLine();
    else if (token === ":") out += " ";
  }
  return out;
}
