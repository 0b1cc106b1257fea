import { type Ref, useImperativeHandle, useLayoutEffect, useRef } from "react";
import type { NameCompletion } from "./completion";
import { type EditorEvents, EditorHandle } from "./editor_handle";

interface Props extends EditorEvents {
  initial_text: string;
  completion: NameCompletion;
  ref: Ref<EditorHandle>;
}

/** Mounts the editor once; later renders only change what its events call. */
export function SqlEditor({ initial_text, completion, ref, ...events }: Props) {
  const parent = useRef<HTMLDivElement>(null);
  const handle = useRef<EditorHandle>(null);
  const latest = useRef(events);
  const first_text = useRef(initial_text);
  latest.current = events;

  useLayoutEffect(() => {
    const editor = new EditorHandle(
      parent.current as HTMLDivElement,
      first_text.current,
      completion,
      {
        onRun: () => latest.current.onRun(),
        onRunAll: () => latest.current.onRunAll(),
        onChange: (text) => latest.current.onChange(text),
      },
    );
    handle.current = editor;
    // On a phone this would open the keyboard over half of the page.
    if (matchMedia("(min-width: 721px)").matches) editor.focus();
    return () => editor.destroy();
  }, [completion]);

  useImperativeHandle(ref, () => handle.current as EditorHandle);
  return <div className="sql-editor" ref={parent} />;
}
