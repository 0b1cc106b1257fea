import { type EditorState, type Extension, RangeSetBuilder } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { splitStatements, statementAt } from "../sql/statements";

const kActiveLine = Decoration.line({ class: "cm-active-statement" });

function decorate(state: EditorState): DecorationSet {
  const text = state.doc.toString();
  const builder = new RangeSetBuilder<Decoration>();
  // With one statement there is nothing to tell apart.
  if (!text.includes(";") || splitStatements(text).length < 2) return builder.finish();
  const span = statementAt(text, state.selection.main.head);
  if (!span) return builder.finish();
  const last = state.doc.lineAt(span.to).number;
  for (let n = state.doc.lineAt(span.from).number; n <= last; n++) {
    const { from } = state.doc.line(n);
    builder.add(from, from, kActiveLine);
  }
  return builder.finish();
}

/** Marks the lines of the statement that Run would take, where there are several. */
export function activeStatement(): Extension {
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor(view: EditorView) {
        this.decorations = decorate(view.state);
      }
      update(update: ViewUpdate) {
        if (update.docChanged || update.selectionSet) this.decorations = decorate(update.state);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
}
