import { awaitedBy, endText } from '../../display/end-text.ts';
import { formatCount } from '../../display/format/format-count.ts';
import { withoutImpliedEdges } from '../../display/graph/implied-edges.ts';
import { nodeDisplay } from '../../display/graph/node-display.ts';
import type { GraphNode } from '../../display/graph/pipeline-graph.ts';
import type { Severity } from '../../display/states/severity.ts';
import { displayText } from '../../engine/index.ts';
import { type DrawnGraph, drawnEnds } from './drawn-graph.ts';

/** What a drawing program is given of a node. */
export type ExportedNode = {
  readonly id: string;
  /** Safe for a terminal, one after the other below each other. */
  readonly lines: readonly string[];
  readonly kind: GraphNode['kind'] | 'end';
  readonly severity?: Severity;
};

export type ExportedGraph = {
  readonly name: string;
  readonly levels: readonly { readonly name: string; readonly nodes: readonly ExportedNode[] }[];
  /** Those without a level. */
  readonly others: readonly ExportedNode[];
  /** By ids. `isLoose`: the one waits for the other's end, whatever it is. */
  readonly edges: readonly { readonly from: string; readonly to: string; readonly isLoose?: true }[];
};

/** The graph in the form that Mermaid and Graphviz have in common; edges that a longer way implies are left out. */
export function exportedGraph(drawn: DrawnGraph): ExportedGraph {
  const { plan, graph, run } = drawn;
  const { downstream } = withoutImpliedEdges(graph.downstream);
  const nodes = graph.nodes.map((node, at) => exportedNode(drawn, node, `n${at}`));
  const levelOf = (node: GraphNode) => (node.kind === 'gate' ? undefined : node.level);
  const levels = [...plan.levels.keys()].map((level) => ({
    name: displayText(level),
    nodes: nodes.filter((_, at) => levelOf(graph.nodes[at]!) === level),
  }));
  const ends = drawnEnds(drawn).map((task): ExportedNode => {
    const planned = plan.tasks[task]!;
    const node: GraphNode = { kind: 'task', name: planned.spec.id, tasks: [task] };
    const { lines, ...rest } = exportedNode(drawn, node, endId(task));
    return { ...rest, kind: 'end', lines: [...lines, displayText(endText(plan, planned) ?? '')] };
  });
  const nodeOf = new Map(
    graph.nodes.flatMap((node, at) =>
      node.kind === 'gate' ? [] : node.tasks.map((task) => [task, `n${at}`] as const),
    ),
  );
  const endEdges = drawnEnds(drawn).flatMap((task) => {
    const { end } = plan.tasks[task]!;
    const after = awaitedBy(plan.tasks[task]!).filter(
      (other) => plan.tasks[other]!.end !== undefined || other === end?.setup,
    );
    return after.flatMap((other) => {
      const from = plan.tasks[other]!.end === undefined ? nodeOf.get(other) : endId(other);
      return from === undefined ? [] : [{ from, to: endId(task), isLoose: true as const }];
    });
  });
  return {
    name: displayText(run === undefined ? plan.pipeline.name : `${plan.pipeline.name}, ${run.title}`),
    levels: levels.filter((level) => level.nodes.length > 0),
    others: [...nodes.filter((_, at) => levelOf(graph.nodes[at]!) === undefined), ...ends],
    edges: [
      ...downstream.flatMap((below, from) => below.map((to) => ({ from: `n${from}`, to: `n${to}` }))),
      ...endEdges,
    ],
  };
}

function endId(task: number): string {
  return `e${task}`;
}

function exportedNode({ run }: DrawnGraph, node: GraphNode, id: string): ExportedNode {
  const display = run === undefined ? undefined : nodeDisplay(run.state, node);
  return {
    id,
    kind: node.kind,
    lines: [
      displayText(node.name),
      ...(node.kind === 'matrix' ? [formatCount(node.tasks.length, 'instance')] : []),
      ...(display === undefined ? [] : [display.word]),
    ],
    ...(display === undefined ? {} : { severity: display.severity }),
  };
}
