import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useSession } from "../auth/session";
import { CatalogCache } from "../catalog/catalog_cache";
import { NameCompletion, type NameScope } from "../editor/completion";
import type { EditorHandle } from "../editor/editor_handle";
import { SqlEditor } from "../editor/sql_editor";
import { QueryHistory } from "../history/query_history";
import { ResultPanel } from "../results/result_panel";
import type { StatementOrigin } from "../run/outcome";
import { Runner } from "../run/runner";
import { firstWord } from "../sql/statements";
import { useWarehouses } from "../warehouses/use_warehouses";
import { WarehousePicker } from "../warehouses/warehouse_picker";
import { useElementSize } from "./element_size";
import { focusNextPane } from "./pane_focus";
import { useObservable } from "./observable";
import { PaneDivider } from "./pane_divider";
import { RunBar } from "./run_bar";
import { SidePane, type SideTab } from "./side_pane";
import { useStoredState } from "./stored_state";
import { Toast, useToast } from "./toast";
import { TopBar } from "./top_bar";
import { type View, ViewBar } from "./view_bar";
import "./workspace.css";

/** The server refuses inline results beyond this many bytes; asking for no more cuts instead. */
const kInlineLimit = 25 * 1024 * 1024;
const kChangesCatalog = new Set(["create", "drop", "alter", "comment", "replace"]);
const kNoScope: NameScope = { catalog: null, schema: null };

/** The page of somebody who is signed in. */
export function Workspace() {
  const { token, user, end } = useSession();
  const expire = useCallback(() => end("Your session has ended. Sign in again."), [end]);
  const history = useMemo(() => new QueryHistory(), []);
  const cache = useMemo(() => new CatalogCache(token, expire), [token, expire]);
  const runner = useMemo(() => new Runner(token, history, expire), [token, history, expire]);
  useObservable(runner);
  const { running, outcome } = runner;
  const is_running = running !== null;
  const warehouses = useWarehouses(running !== null && running.state !== "RUNNING");

  const [scope, setScope] = useStoredState<NameScope>("scope", kNoScope);
  const [row_limit, setRowLimit] = useStoredState("row_limit", 1_000);
  const [draft, setDraft] = useStoredState(`draft.${user.userName}`, "", "tab");
  const [side_width, setSideWidth] = useStoredState("side_width", 288);
  const [editor_share, setEditorShare] = useStoredState("editor_share", 0.42);
  const [tab, setTab] = useState<SideTab>("catalog");
  const [view, setView] = useState<View>("query");
  const { say, toast } = useToast();
  const editor = useRef<EditorHandle>(null);
  const stack = useRef<HTMLDivElement>(null);
  const { height, width } = useElementSize(stack);

  const latest_scope = useRef(scope);
  latest_scope.current = scope;
  const completion = useMemo(() => new NameCompletion(cache, () => latest_scope.current), [cache]);

  const warehouse_id = warehouses.selected?.id ?? null;
  const run = (origins: StatementOrigin[]) => {
    if (running) return;
    if (origins.length === 0) return say("There is no statement to run");
    if (!warehouse_id) return say("There is no SQL warehouse to run on");
    editor.current?.clearError();
    void runner.start(origins, {
      warehouse_id,
      catalog: scope.catalog ?? undefined,
      schema: scope.schema ?? undefined,
      row_limit,
      byte_limit: kInlineLimit,
    });
  };
  const runHere = () => run(editor.current?.statementsToRun() ?? []);
  const runAll = () => run(editor.current?.allStatements() ?? []);

  // Whoever went to another tab sees there when the answer has come.
  useEffect(() => {
    document.title = is_running ? "Running… · Tarn" : "Tarn";
    return () => void (document.title = "Tarn");
  }, [is_running]);

  const shown_error = useRef(0);
  useEffect(() => {
    if (!outcome || outcome.key === shown_error.current) return;
    shown_error.current = outcome.key;
    if (outcome.error) editor.current?.showError(outcome.origin, outcome.error);
    // What was created or dropped should be seen in the tree.
    if (outcome.state === "SUCCEEDED" && kChangesCatalog.has(firstWord(outcome.origin.text))) {
      cache.refresh();
    }
  }, [outcome, cache]);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented && runner.running) {
        runner.cancel();
        event.preventDefault();
      } else if (event.key === "F6") {
        focusNextPane(event.shiftKey ? -1 : 1);
        event.preventDefault();
      }
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [runner]);

  const toQuery = (action: (editor: EditorHandle) => void) => {
    setView("query");
    // The editor may have been hidden until now and cannot take the focus before it is shown.
    requestAnimationFrame(() => editor.current && action(editor.current));
  };
  const tryStatement = (statement: string) => {
    editor.current?.restore(statement);
    run(editor.current?.statementsToRun() ?? []);
  };

  const editor_height = Math.round(Math.min(Math.max(height * editor_share, 96), height - 140));
  const max_side = Math.max(200, width + side_width - 420);
  return (
    <div className="workspace" data-view={view}>
      <TopBar>
        <WarehousePicker warehouses={warehouses} />
      </TopBar>
      <aside
        className="side-pane"
        data-pane="side"
        aria-label="Catalog and history"
        style={{ "--side-width": `${Math.min(side_width, max_side)}px` } as React.CSSProperties}
      >
        <SidePane
          tab={view === "query" ? tab : view}
          onTab={(next) => {
            setTab(next);
            if (view !== "query") setView(next);
          }}
          cache={cache}
          history={history}
          onInsert={(text) => toQuery((to) => to.insert(text))}
          onRestore={(statement) => toQuery((to) => to.restore(statement))}
        />
      </aside>
      <PaneDivider
        orientation="vertical"
        label="Width of the side pane"
        size={side_width}
        min={200}
        max={Math.min(640, max_side)}
        rest={288}
        onResize={setSideWidth}
      />
      <main className="query-pane">
        <RunBar
          cache={cache}
          scope={scope}
          onScope={setScope}
          row_limit={row_limit}
          onRowLimit={setRowLimit}
          busy={is_running}
          blocked={warehouse_id ? null : "There is no SQL warehouse to run on"}
          onRun={runHere}
          onCancel={() => runner.cancel()}
        />
        <div className="query-stack" ref={stack}>
          <div className="editor-pane" data-pane="editor" style={{ height: editor_height }}>
            <SqlEditor
              ref={editor}
              initial_text={draft}
              completion={completion}
              onRun={runHere}
              onRunAll={runAll}
              onChange={setDraft}
            />
          </div>
          <PaneDivider
            orientation="horizontal"
            label="Height of the editor"
            size={editor_height}
            min={96}
            max={height - 140}
            rest={height * 0.42}
            onResize={(size) => height > 0 && setEditorShare(size / height)}
            flowing={is_running}
          />
          <section className="result-pane" data-pane="result" aria-label="Result of the statement">
            <ResultPanel
              runner={runner}
              warehouses={warehouses.list ?? []}
              onTry={tryStatement}
              onGoToError={() =>
                outcome?.error && editor.current?.goToError(outcome.origin, outcome.error)
              }
              onSay={say}
            />
          </section>
        </div>
      </main>
      <ViewBar view={view} onView={setView} />
      <Toast toast={toast} />
    </div>
  );
}
