import { Icon } from "../brand/icon";
import type { TreeNode } from "./tree_model";

interface Props {
  dom_id: string;
  node: TreeNode;
  active: boolean;
  top: number;
  height: number;
  onActivate: (id: string) => void;
  onToggle: (node: TreeNode, open: boolean) => void;
  onInsert: (node: TreeNode) => void;
  onRetry: () => void;
}

export function TreeLine(props: Props) {
  const { node, onActivate, onToggle, onInsert } = props;
  const click = () => {
    onActivate(node.id);
    if (node.note === "failed") props.onRetry();
    else if (node.expanded !== null) onToggle(node, !node.expanded);
    else if (node.kind !== "note") onInsert(node);
  };
  return (
    // biome-ignore lint: the keyboard belongs to the tree, which has the focus
    <div
      id={props.dom_id}
      role="treeitem"
      className={`tree-line tree-line-${node.note ? `note-${node.note}` : node.kind}`}
      aria-level={node.level}
      aria-posinset={node.position}
      aria-setsize={node.size}
      aria-expanded={node.expanded ?? undefined}
      aria-selected={props.active}
      aria-busy={node.loading || undefined}
      title={node.kind === "column" || !node.comment ? undefined : node.comment}
      style={{
        transform: `translateY(${props.top}px)`,
        height: props.height,
        paddingInlineStart: 8 + (node.level - 1) * 14,
      }}
      onClick={click}
    >
      <span className="tree-line-top">
        {node.expanded === null ? (
          <span className="tree-leaf-space" />
        ) : (
          <Icon name="chevron" className={node.expanded ? "tree-chevron is-open" : "tree-chevron"} />
        )}
        {node.kind !== "note" && node.kind !== "column" && (
          <Icon name={node.kind} className="tree-icon" />
        )}
        <span className="tree-label">{node.label}</span>
        {node.kind === "column" && <span className="tree-type">{node.detail}</span>}
        {node.kind !== "column" && node.kind !== "note" && (
          <span className="visually-hidden">{node.kind}</span>
        )}
        {node.loading && <span className="tree-loading" />}
        {node.expanded !== null && (
          <button
            type="button"
            className="tree-insert"
            tabIndex={-1}
            aria-hidden="true"
            title="Insert the name (Enter)"
            onClick={(event) => {
              event.stopPropagation();
              onActivate(node.id);
              onInsert(node);
            }}
          >
            <Icon name="insert" />
          </button>
        )}
      </span>
      {node.kind === "column" && node.comment && <span className="tree-comment">{node.comment}</span>}
    </div>
  );
}
