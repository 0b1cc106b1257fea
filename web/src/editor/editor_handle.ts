import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { sql } from "@codemirror/lang-sql";
import { bracketMatching, indentUnit } from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, placeholder } from "@codemirror/view";
import type { StatementOrigin } from "../run/outcome";
import { splitStatements, statementAt } from "../sql/statements";
import { rangeOfPosition, type StatementError } from "../sql/statement_error";
import { activeStatement } from "./active_statement";
import type { NameCompletion } from "./completion";
import { editorTheme } from "./editor_theme";
import { errorMarker, setEditorError } from "./error_marker";
import { kSparkDialect } from "./spark_dialect";

export interface EditorEvents {
  onRun: () => void;
  onRunAll: () => void;
  onChange: (text: string) => void;
}

/** The SQL editor as the page uses it; hides CodeMirror. One per mounted editor. */
export class EditorHandle {
  readonly #view: EditorView;

  constructor(parent: HTMLElement, text: string, completion: NameCompletion, events: EditorEvents) {
    const run = (command: () => void) => () => (command(), true);
    const state = EditorState.create({
      doc: text,
      selection: { anchor: text.length },
      extensions: [
        // Before the default keys, which bind Mod-Enter to a blank line.
        Prec.highest(
          keymap.of([
            { key: "Mod-Shift-Enter", run: run(events.onRunAll) },
            { key: "Mod-Enter", run: run(events.onRun) },
            { key: "Tab", run: acceptCompletion },
          ]),
        ),
        lineNumbers(),
        highlightActiveLineGutter(),
        highlightActiveLine(),
        history(),
        drawSelection(),
        EditorState.allowMultipleSelections.of(true),
        indentUnit.of("  "),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ override: [completion.source], icons: false, maxRenderedOptions: 60 }),
        highlightSelectionMatches(),
        sql({ dialect: kSparkDialect }),
        activeStatement(),
        errorMarker(),
        editorTheme(),
        placeholder("Write SQL here"),
        keymap.of([
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...searchKeymap,
          ...historyKeymap,
          ...defaultKeymap,
          indentWithTab,
        ]),
        EditorView.contentAttributes.of({ "aria-label": "SQL editor", spellcheck: "false" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) events.onChange(update.state.doc.toString());
        }),
      ],
    });
    this.#view = new EditorView({ state, parent });
  }

  destroy(): void {
    this.#view.destroy();
  }

  focus(): void {
    this.#view.focus();
  }

  /** The selection's statements, or without a selection the one under the cursor. */
  statementsToRun(): StatementOrigin[] {
    const { state } = this.#view;
    const { from, to, empty, head } = state.selection.main;
    if (!empty) {
      return splitStatements(state.sliceDoc(from, to)).map((span) => ({
        from: from + span.from,
        text: span.text,
      }));
    }
    const span = statementAt(state.doc.toString(), head);
    return span ? [{ from: span.from, text: span.text }] : [];
  }

  allStatements(): StatementOrigin[] {
    return splitStatements(this.#view.state.doc.toString()).map(({ from, text }) => ({ from, text }));
  }

  /** Puts `text` at the cursor, with blanks around it where it would touch a word. */
  insert(text: string): void {
    const { state } = this.#view;
    const { from, to } = state.selection.main;
    const before = state.sliceDoc(Math.max(0, from - 1), from);
    const after = state.sliceDoc(to, to + 1);
    const lead = /[\p{L}\p{N}_`,)'"]/u.test(before) ? " " : "";
    const trail = /[\p{L}\p{N}_`'"]/u.test(after) ? " " : "";
    const insert = lead + text + trail;
    this.#view.dispatch({
      changes: { from, to, insert },
      selection: { anchor: from + insert.length },
      scrollIntoView: true,
      userEvent: "input.paste",
    });
    this.#view.focus();
  }

  /** Brings a statement back: goes to it where it still stands, else adds it at the end. */
  restore(statement: string): void {
    const text = this.#view.state.doc.toString();
    const standing = splitStatements(text).find((span) => span.text === statement);
    if (standing) {
      this.#goTo(standing.to);
      return;
    }
    const body = text.trimEnd();
    const separator = body === "" ? "" : body.endsWith(";") ? "\n\n" : ";\n\n";
    const insert = separator + statement;
    this.#view.dispatch({ changes: { from: body.length, to: text.length, insert } });
    this.#goTo(body.length + insert.length);
  }

  clearError(): void {
    setEditorError(this.#view, null);
  }

  /** Marks the error in the statement it came from, if the statement is still there. */
  showError(origin: StatementOrigin, error: StatementError): void {
    const from = this.#locate(origin);
    if (from === null || !error.position) return;
    const range = rangeOfPosition(origin.text, error.position);
    const at = from + range.from;
    setEditorError(this.#view, {
      from: at,
      to: from + range.to,
      error_class: error.error_class,
      message: error.message,
    });
    this.#view.dispatch({ effects: EditorView.scrollIntoView(at, { y: "nearest", yMargin: 60 }) });
  }

  /** Puts the cursor where the error is. */
  goToError(origin: StatementOrigin, error: StatementError): void {
    const from = this.#locate(origin);
    if (from === null || !error.position) return;
    this.#goTo(from + rangeOfPosition(origin.text, error.position).from);
  }

  /** Where the statement stands now: edits above it may have moved it. */
  #locate(origin: StatementOrigin): number | null {
    const text = this.#view.state.doc.toString();
    if (text.startsWith(origin.text, origin.from)) return origin.from;
    const found = text.indexOf(origin.text);
    return found < 0 ? null : found;
  }

  #goTo(position: number): void {
    this.#view.dispatch({ selection: { anchor: position }, scrollIntoView: true });
    this.#view.focus();
  }
}
