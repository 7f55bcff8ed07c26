import type { DrawnGraph } from './drawn-graph.ts';
import { type ExportedNode, exportedGraph } from './exported-graph.ts';
import { nodeColours } from './node-colours.ts';

const shapes: Readonly<Record<ExportedNode['kind'], string>> = {
  task: 'box',
  matrix: 'box3d',
  gate: 'hexagon',
  end: 'oval',
};

/** The graph in the language of Graphviz: `etl-tui graph --format dot | dot -Tsvg`. */
export function graphDot(drawn: DrawnGraph): readonly string[] {
  const { name, levels, others, edges } = exportedGraph(drawn);
  return [
    `digraph ${quoted([name])} {`,
    '  rankdir=LR;',
    '  node [shape=box, style="rounded,filled", fillcolor="#ffffff", fontname="Helvetica"];',
    '  edge [color="#666666"];',
    ...levels.flatMap((level, at) => [
      `  subgraph "cluster_${at}" {`,
      `    label=${quoted([level.name])};`,
      '    color="#bbbbbb";',
      '    fontname="Helvetica";',
      ...level.nodes.map((node) => `    ${nodeText(node)}`),
      '  }',
    ]),
    ...others.map((node) => `  ${nodeText(node)}`),
    ...edges.map(({ from, to, isLoose }) => `  ${from} -> ${to}${isLoose ? ' [style=dashed]' : ''};`),
    '}',
  ];
}

function nodeText({ id, kind, lines, severity }: ExportedNode): string {
  const colours = severity === undefined ? undefined : nodeColours[severity];
  const attributes = [
    `label=${quoted(lines)}`,
    ...(kind === 'task' ? [] : [`shape=${shapes[kind]}`]),
    ...(colours === undefined ? [] : [`fillcolor="${colours.fill}"`, `color="${colours.line}"`]),
  ];
  return `${id} [${attributes.join(', ')}];`;
}

/** Lines as one text in quotes; in a label of Graphviz backslashes and `&` mean something of their own. */
function quoted(lines: readonly string[]): string {
  return `"${lines.map(escaped).join('\\n')}"`;
}

function escaped(text: string): string {
  return text.replace(/[\\"]/g, (character) => `\\${character}`).replaceAll('&', '&amp;');
}
