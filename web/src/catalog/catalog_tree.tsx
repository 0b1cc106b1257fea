import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { TreeLine } from "./tree_line";
import type { TreeNode } from "./tree_model";

interface Props {
  nodes: TreeNode[];
  active: string | null;
  filtered: boolean;
  onActivate: (id: string) => void;
  onToggle: (node: TreeNode, open: boolean) => void;
  onInsert: (node: TreeNode) => void;
  onRetry: () => void;
}

const kLineHeight = 28;
const kCommentedLineHeight = 44;

export const domIdOf = (index: number) => `catalog-tree-${index}`;

function indexOfParent(nodes: TreeNode[], index: number): number {
  const level = nodes[index]?.level ?? 1;
  for (let i = index - 1; i >= 0; i--) if ((nodes[i] as TreeNode).level < level) return i;
  return index;
}

/** The tree of the ARIA practices: one tab stop, arrows move and open, Enter inserts. */
export function CatalogTree(props: Props) {
  const { nodes, active, onActivate, onToggle, onInsert } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: "", at: 0 });
  const virtualizer = useVirtualizer({
    count: nodes.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => {
      const node = nodes[index] as TreeNode;
      return node.kind === "column" && node.comment ? kCommentedLineHeight : kLineHeight;
    },
    getItemKey: (index) => (nodes[index] as TreeNode).id,
    overscan: 12,
    useFlushSync: false,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, nodes]);

  const at = Math.max(0, nodes.findIndex((node) => node.id === active));

  const moveTo = (index: number) => {
    const node = nodes[Math.min(Math.max(index, 0), nodes.length - 1)];
    if (!node) return;
    onActivate(node.id);
    virtualizer.scrollToIndex(nodes.indexOf(node), { align: "auto" });
  };

  /** Typing the beginning of a name goes to the next one that starts so. */
  const typeAhead = (key: string) => {
    const now = Date.now();
    const text = now - typed.current.at < 700 ? typed.current.text + key : key;
    typed.current = { text, at: now };
    const start = text.length === 1 ? at + 1 : at;
    for (let i = 0; i < nodes.length; i++) {
      const index = (start + i) % nodes.length;
      if ((nodes[index] as TreeNode).label.toLowerCase().startsWith(text.toLowerCase())) {
        moveTo(index);
        return;
      }
    }
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const node = nodes[at];
    if (!node || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.length > 1) typed.current.at = 0; // the next letter begins a new name
    if (event.key === "ArrowDown") moveTo(at + 1);
    else if (event.key === "ArrowUp") moveTo(at - 1);
    else if (event.key === "Home") moveTo(0);
    else if (event.key === "End") moveTo(nodes.length - 1);
    else if (event.key === "PageDown") moveTo(at + 12);
    else if (event.key === "PageUp") moveTo(at - 12);
    else if (event.key === "ArrowRight") {
      if (node.expanded === false) onToggle(node, true);
      else if (node.expanded) moveTo(at + 1);
    } else if (event.key === "ArrowLeft") {
      if (node.expanded) onToggle(node, false);
      else moveTo(indexOfParent(nodes, at));
    } else if (event.key === "Enter") {
      if (node.kind === "note") props.onRetry();
      else onInsert(node);
    } else if (event.key === " ") {
      if (node.expanded !== null) onToggle(node, !node.expanded);
    } else if (event.key.length === 1) typeAhead(event.key);
    else return;
    event.preventDefault();
  };

  if (nodes.length === 0) {
    return (
      <p className="tree-nothing">{props.filtered ? "Nothing has this in its name." : "Nothing here."}</p>
    );
  }
  return (
    <div
      ref={scroller}
      className="catalog-tree"
      role="tree"
      aria-label="Catalog"
      tabIndex={0}
      aria-activedescendant={domIdOf(at)}
      onFocus={() => active === null && moveTo(0)}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" style={{ height: virtualizer.getTotalSize(), position: "relative" }}>
        {virtualizer.getVirtualItems().map((item) => (
          <TreeLine
            key={item.key}
            dom_id={domIdOf(item.index)}
            node={nodes[item.index] as TreeNode}
            active={item.index === at && active !== null}
            top={item.start}
            height={item.size}
            onActivate={onActivate}
            onToggle={onToggle}
            onInsert={onInsert}
            onRetry={props.onRetry}
          />
        ))}
      </div>
    </div>
  );
}
