import { describe, expect, test } from 'vitest';
import { drawGraph } from '../../../../src/display/graph/draw-graph.ts';
import { withoutImpliedEdges } from '../../../../src/display/graph/implied-edges.ts';
import { neighbourhood, reachOf } from '../../../../src/display/graph/neighbourhood.ts';
import { graphOf } from '../../../../src/display/graph/pipeline-graph.ts';
import type { TaskId } from '../../../../src/engine/index.ts';
import { type PipelineSketch, sketchPlan } from '../../../support/pipeline-builder.ts';

function instance(of: string, value: string) {
  return { instance: { of: of as TaskId, values: { value } } };
}

const seasons: PipelineSketch = {
  tasks: {
    fetch: {},
    'load[value=1]': { after: ['fetch'], ...instance('load', '1') },
    'load[value=2]': { after: ['fetch'], ...instance('load', '2') },
    merge: { after: ['load[value=1]', 'load[value=2]'] },
    report: { after: ['merge', 'fetch'] },
  },
  families: [{ id: 'load' as TaskId }],
};

function edgesOf(sketch: PipelineSketch, part?: Parameters<typeof graphOf>[1]): readonly string[] {
  const { nodes, downstream } = graphOf(sketchPlan(sketch), part);
  return downstream.flatMap((below, from) => below.map((to) => `${nodes[from]!.name} > ${nodes[to]!.name}`)).sort();
}

describe('the graph of a plan', () => {
  test('shows the instances of a matrix as one', () => {
    expect(edgesOf(seasons)).toEqual(['fetch > load', 'fetch > report', 'load > merge', 'merge > report']);
  });

  test('shows one instance apart from the others', () => {
    const plan = sketchPlan(seasons);
    const apart = plan.indexOf.get('load[value=2]' as TaskId)!;
    const names = graphOf(plan, { apart }).nodes.map(({ name }) => name);
    expect(names.toSorted()).toEqual(['fetch', 'load[value=1]', 'load[value=2]', 'merge', 'report']);
  });

  test('shows a check that holds tasks back between what it checks and what it holds', () => {
    const sketch: PipelineSketch = {
      tasks: { a: {}, b: { after: ['a'] }, c: { after: ['a'] } },
      checks: { whole: { after: ['a'], before: ['b'] }, later: { after: ['c'] } },
    };
    expect(edgesOf(sketch)).toEqual(['a > b', 'a > c', 'a > whole', 'whole > b']);
  });

  test('leaves out what a longer way implies, and tasks that stand alone', () => {
    const { downstream } = graphOf(sketchPlan(seasons));
    expect(withoutImpliedEdges(downstream)).toMatchObject({ implied: 1 });
    const { alone, rows } = drawGraph(graphOf(sketchPlan({ tasks: { a: {}, b: { after: ['a'] }, c: {} } })), 10);
    expect([alone.length, rows.length]).toEqual([1, 2]);
  });

  test('is drawn wave by wave, and task after task where that would need many lines', () => {
    const chains = Object.fromEntries(
      Array.from({ length: 20 }, (_, at) => [
        [`a${at}`, {}],
        [`b${at}`, { after: [`a${at}`] }],
      ]).flat() as [string, { after?: string[] }][],
    );
    expect(drawGraph(graphOf(sketchPlan(seasons)), 20).isLayered).toBe(true);
    const drawing = drawGraph(graphOf(sketchPlan({ tasks: chains })), 60);
    expect(drawing.isLayered).toBe(false);
    expect(drawing.rows[0]!.cells.length).toBe(1);
  });

  test('of a thousand tasks is drawn at once', () => {
    const tasks = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, at) => [
        `t${at}`,
        { after: at < 50 ? [] : [`t${at - 50}`, `t${(at * 7) % 50}`] },
      ]),
    );
    const { rows, undrawn } = drawGraph(graphOf(sketchPlan({ tasks })), 20);
    expect(rows.filter(({ node }) => node !== undefined)).toHaveLength(1_000);
    expect(undrawn.size).toBeGreaterThan(0);
  });
});

describe('the neighbourhood of a task', () => {
  const plan = sketchPlan({
    tasks: { a: {}, b: { after: ['a'] }, c: { after: ['b'] }, d: { after: ['c'] }, other: { after: ['a'] } },
  });
  const at = (name: string) => plan.indexOf.get(name as TaskId)!;

  test('is what it waits for and what waits for it, as far as is asked', () => {
    const names = (depth: number) =>
      [...neighbourhood(plan, [at('b')], depth)].map((task) => plan.tasks[task]!.spec.id).sort();
    expect(names(1)).toEqual(['a', 'b', 'c']);
    expect(names(2)).toEqual(['a', 'b', 'c', 'd']);
    expect(reachOf(plan, [at('b')])).toBe(2);
  });
});
