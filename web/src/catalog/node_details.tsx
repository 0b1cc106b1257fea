import type { TreeNode } from "./tree_model";

/** The whole of what a line of the tree had to cut: full name, type and comment. */
export function NodeDetails({ node }: { node: TreeNode }) {
  return (
    <section className="node-details" aria-label="Details of the selected name">
      <p className="node-details-name">
        {node.path.map((part, index) => (
          // Names may break after a dot, not inside a part.
          // biome-ignore lint: the parts of one name never move
          <span key={index}>
            {index > 0 && "."}
            {index > 0 && <wbr />}
            {part}
          </span>
        ))}
      </p>
      <p className="node-details-type">{node.detail || node.kind}</p>
      {node.comment && <p className="node-details-comment">{node.comment}</p>}
    </section>
  );
}
