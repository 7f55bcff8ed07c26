import type { Severity } from '../../display/states/severity.ts';
import type { DrawnGraph } from './drawn-graph.ts';
import { type ExportedNode, exportedGraph } from './exported-graph.ts';
import { nodeColours } from './node-colours.ts';

/** The graph as a flowchart of Mermaid, which GitHub, GitLab and many editors draw. */
export function graphMermaid(drawn: DrawnGraph): readonly string[] {
  const { name, levels, others, edges } = exportedGraph(drawn);
  const severities = new Set(
    [...levels.flatMap(({ nodes }) => nodes), ...others].flatMap(({ severity }) => severity ?? []),
  );
  return [
    '---',
    `title: ${JSON.stringify(name)}`,
    '---',
    'flowchart LR',
    ...levels.flatMap((level, at) => [
      `  subgraph l${at}[${quoted([level.name])}]`,
      ...level.nodes.map((node) => `    ${nodeText(node)}`),
      '  end',
    ]),
    ...others.map((node) => `  ${nodeText(node)}`),
    ...edges.map(({ from, to, isLoose }) => `  ${from} ${isLoose ? '-.->' : '-->'} ${to}`),
    ...[...severities].sort().map((severity) => `  classDef ${severity} ${classText(severity)}`),
  ];
}

function nodeText({ id, kind, lines, severity }: ExportedNode): string {
  const text = quoted(lines);
  const state = severity === undefined ? '' : `:::${severity}`;
  switch (kind) {
    case 'task':
      return `${id}[${text}]${state}`;
    case 'matrix':
      return `${id}[[${text}]]${state}`;
    case 'gate':
      return `${id}{{${text}}}${state}`;
    case 'end':
      return `${id}([${text}])${state}`;
  }
}

function classText(severity: Severity): string {
  const { fill, line } = nodeColours[severity];
  return `fill:${fill},stroke:${line},color:#1a1a1a`;
}

/** Lines as one text in quotes. Whatever could mean something to Mermaid or to HTML becomes a numbered entity. */
function quoted(lines: readonly string[]): string {
  return `"${lines.map(escaped).join('<br/>')}"`;
}

function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{N}\p{M} _.,:=/-]/gu, (character) => `#${character.codePointAt(0)};`);
}
