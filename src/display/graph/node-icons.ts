import type { GraphNode } from './pipeline-graph.ts';

type NodeIcons = Readonly<Record<GraphNode['kind'], string>>;

const unicodeNodes: NodeIcons = { task: '●', matrix: '◆', gate: '◇' };
const asciiNodes: NodeIcons = { task: 'o', matrix: '#', gate: '?' };

/** What stands for a node that has no state, one column wide. */
export function nodeIcons(isUnicode: boolean): NodeIcons {
  return isUnicode ? unicodeNodes : asciiNodes;
}
