import type { SourceRange, YamlEntry, YamlMap, YamlNode } from '../yaml/yaml-node.ts';

/** The node with its offsets, and all within it, moved by `by`. */
export function shiftNode(node: YamlNode, by: number): YamlNode {
  switch (node.kind) {
    case 'scalar':
    case 'empty':
    case 'broken':
      return { ...node, ...shifted(node, by) };
    case 'list':
      return { ...node, ...shifted(node, by), items: node.items.map((item) => shiftNode(item, by)) };
    case 'map':
      return shiftMap(node, by);
  }
}

function shiftMap(node: YamlMap, by: number): YamlMap {
  const shiftEntry = ({ key, at, value }: YamlEntry) => ({ key, at: shifted(at, by), value: shiftNode(value, by) });
  return { ...node, ...shifted(node, by), entries: node.entries.map(shiftEntry) };
}

function shifted({ start, end }: SourceRange, by: number): SourceRange {
  return { start: start + by, end: end + by };
}
