import { SQLDialect } from "@codemirror/lang-sql";
import { kFunctions } from "virtual:function-table";
import { kKeywords, kTypes } from "./spark_words";

const kKeywordSet = new Set([...kKeywords, ...kTypes]);

/** Spark SQL for the highlighter: backquoted names, both quotes are strings, escapes count. */
export const kSparkDialect = SQLDialect.define({
  keywords: kKeywords.join(" "),
  types: kTypes.join(" "),
  builtin: kFunctions
    .map(({ name }) => name)
    .filter((name) => !kKeywordSet.has(name))
    .join(" "),
  identifierQuotes: "`",
  doubleQuotedStrings: true,
  backslashEscapes: true,
  operatorChars: "*+-%<>!=&|^~/?:",
  specialVar: "",
});
