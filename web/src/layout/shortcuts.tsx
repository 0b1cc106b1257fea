import { Fragment } from "react";
import { Icon } from "../brand/icon";
import { Popover } from "./popover";

const kMod = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";

const kShortcuts: [keys: string[], what: string][] = [
  [[kMod, "Enter"], "Run the selection or the statement at the cursor"],
  [[kMod, "Shift", "Enter"], "Run all statements in order"],
  [["Esc"], "Cancel what runs"],
  [[kMod, "Space"], "Complete names and keywords"],
  [[kMod, "/"], "Comment lines in or out"],
  [["Esc", "Tab"], "Leave the editor; Tab alone indents"],
  [["F6"], "Next pane: catalog, editor, result"],
  [["Enter"], "In the catalog: insert the name. In the result: show the whole cell"],
  [["Shift", "Arrows"], "In the result: select cells"],
  [[kMod, "C"], "In the result: copy the selection"],
];

/** The keys of the page, one button away. */
export function Shortcuts() {
  return (
    <Popover
      label="Keyboard shortcuts"
      button_class="icon-button"
      button_label="Keyboard shortcuts"
      button={<Icon name="keyboard" />}
    >
      {(close) => (
        <div className="shortcuts">
          <div className="popover-title">
            <h2>Keyboard</h2>
            <button type="button" className="icon-button" aria-label="Close" onClick={close}>
              <Icon name="close" />
            </button>
          </div>
          <dl>
            {kShortcuts.map(([keys, what]) => (
              <Fragment key={what}>
                <dt>
                  {keys.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{what}</dd>
              </Fragment>
            ))}
          </dl>
        </div>
      )}
    </Popover>
  );
}
