import { RangeSet, StateEffect, StateField, type EditorState, type Extension } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, GutterMarker, gutterLineClass, WidgetType } from "@codemirror/view";

/** An error of the server at a place in the editor's text. */
export interface EditorError {
  from: number;
  to: number;
  error_class: string | null;
  message: string;
}

/** The result pane shows all of a message; under the line there is room for its beginning. */
const kMaxSentence = 110;

function firstSentence(message: string): string {
  const sentence = /^.*?[.!?](?=\s|$)/.exec(message)?.[0] ?? message.split("\n")[0] ?? "";
  return sentence.length <= kMaxSentence ? sentence : `${sentence.slice(0, kMaxSentence - 1)}…`;
}

/** The sentence under the line, with the class as a label in front. */
class ErrorLine extends WidgetType {
  constructor(
    readonly error: EditorError,
    readonly indent: number,
  ) {
    super();
  }

  override eq(other: ErrorLine): boolean {
    return other.error === this.error;
  }

  toDOM(): HTMLElement {
    const line = document.createElement("div");
    line.className = "cm-statement-error";
    line.style.paddingInlineStart = `calc(6px + ${this.indent}ch)`;
    if (this.error.error_class) {
      const label = document.createElement("span");
      label.className = "cm-statement-error-class";
      label.textContent = this.error.error_class;
      line.append(label);
    }
    line.append(firstSentence(this.error.message));
    return line;
  }
}

class ErrorGutter extends GutterMarker {
  override elementClass = "cm-error-gutter";
}

interface Marker {
  error: EditorError;
  decorations: DecorationSet;
  gutter: RangeSet<GutterMarker>;
}

const kSetError = StateEffect.define<EditorError | null>();

function markerOf(state: EditorState, error: EditorError): Marker {
  const from = Math.min(error.from, state.doc.length);
  const line = state.doc.lineAt(from);
  let to = Math.min(Math.max(error.to, from + 1), line.to);
  // At the end of the line there is nothing to underline: mark the last character instead.
  const mark_from = from >= to ? Math.max(line.from, to - 1) : from;
  to = Math.max(to, mark_from);
  // Far-right positions start the sentence at the left, where it can be read.
  const column = mark_from - line.from;
  const widget = Decoration.widget({
    widget: new ErrorLine(error, column > 40 ? 0 : column),
    block: true,
    side: 1,
  });
  const ranges = [widget.range(line.to)];
  if (mark_from < to) ranges.push(Decoration.mark({ class: "cm-error-range" }).range(mark_from, to));
  return {
    error,
    decorations: Decoration.set(ranges, true),
    gutter: RangeSet.of([new ErrorGutter().range(line.from)]),
  };
}

const kMarkerField = StateField.define<Marker | null>({
  create: () => null,
  update(marker, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(kSetError)) return effect.value && markerOf(transaction.state, effect.value);
    }
    if (!marker || !transaction.docChanged) return marker;
    const line = transaction.startState.doc.lineAt(marker.error.from);
    // An edit of the line answers the error; edits elsewhere only move it.
    if (transaction.changes.touchesRange(line.from, line.to)) return null;
    const move = (position: number) => transaction.changes.mapPos(position);
    const error = { ...marker.error, from: move(marker.error.from), to: move(marker.error.to) };
    return markerOf(transaction.state, error);
  },
  provide: (field) => [
    EditorView.decorations.from(field, (marker) => marker?.decorations ?? Decoration.none),
    gutterLineClass.from(field, (marker) => marker?.gutter ?? RangeSet.empty),
  ],
});

export function errorMarker(): Extension {
  return kMarkerField;
}

/** Shows `error`, or takes the shown one away. */
export function setEditorError(view: EditorView, error: EditorError | null): void {
  view.dispatch({ effects: kSetError.of(error) });
}
