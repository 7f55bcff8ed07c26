import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bundleEdges } from '../../../../src/display/graph/bundles.ts';
import { drawLanes } from '../../../../src/display/graph/draw-lanes.ts';
import { unicodeLanes } from '../../../../src/display/graph/lane-cells.ts';
import { depthsOf, layeredOrder, narrowOrder } from '../../../../src/display/graph/row-order.ts';
import { edgesIn } from './read-drawing.ts';

type Edges = readonly (readonly number[])[];

/** Graphs without circles, of which each edge leads to a larger number; some are made of whole levels. */
const graphs: fc.Arbitrary<Edges> = fc
  .integer({ min: 1, max: 24 })
  .chain((size) =>
    fc.oneof(
      fc.array(fc.array(fc.nat({ max: size - 1 }), { maxLength: 4 }), { minLength: size, maxLength: size }),
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 }).map(levels),
    ),
  )
  .map((rows) => rows.map((below, node) => [...new Set(below.filter((next) => next > node))].sort((a, b) => a - b)));

/** Each node of a level leads to every node of the next. */
function levels(sizes: readonly number[]): number[][] {
  let first = 0;
  return sizes.flatMap((size, at) => {
    first += size;
    const next = Array.from({ length: sizes[at + 1] ?? 0 }, (_, index) => first + index);
    return Array.from({ length: size }, () => next);
  });
}

function edgesOf(downstream: Edges): readonly string[] {
  return downstream.flatMap((below, from) => below.map((to) => `${from} ${to}`)).sort();
}

function drawn(downstream: Edges, isLayered: boolean, maxLanes: number) {
  const bundles = bundleEdges(downstream);
  const order = isLayered ? layeredOrder(depthsOf(downstream), downstream, bundles) : narrowOrder(bundles);
  return drawLanes(order, bundles, maxLanes);
}

function picture({ rows }: ReturnType<typeof drawn>): string {
  return rows
    .map(({ node, cells }) => `${cells.map((cell) => unicodeLanes[cell]).join('')} ${node ?? ''}`.trimEnd())
    .join('\n');
}

describe('a graph that is drawn with lines', () => {
  test('shows exactly the edges there are, in either order of its rows', () => {
    fc.assert(
      fc.property(graphs, fc.boolean(), (downstream, isLayered) => {
        const drawing = drawn(downstream, isLayered, 100);
        expect(drawing.undrawn.size).toBe(0);
        expect(edgesIn(drawing), picture(drawing)).toEqual(edgesOf(downstream));
      }),
      { numRuns: 500 },
    );
  });

  test('where there is no room for more lines, names the others beside what waits', () => {
    fc.assert(
      fc.property(graphs, fc.boolean(), fc.integer({ min: 1, max: 5 }), (downstream, isLayered, maxLanes) => {
        const drawing = drawn(downstream, isLayered, maxLanes);
        const named = [...drawing.undrawn].flatMap(([to, from]) => from.map((one) => `${one} ${to}`));
        expect([...edgesIn(drawing), ...named].sort(), picture(drawing)).toEqual(edgesOf(downstream));
        for (const { cells } of drawing.rows) expect(cells.length).toBeLessThanOrEqual(2 * maxLanes + 1);
      }),
      { numRuns: 500 },
    );
  });

  test('has one row for each node, each after those it waits for, all of the same width', () => {
    fc.assert(
      fc.property(graphs, fc.boolean(), (downstream, isLayered) => {
        const { rows } = drawn(downstream, isLayered, 100);
        const order = rows.flatMap(({ node }) => node ?? []);
        expect([...order].sort((a, b) => a - b)).toEqual(downstream.map((_, node) => node));
        const place = new Map(order.map((node, at) => [node, at]));
        downstream.forEach((below, node) => {
          for (const next of below) expect(place.get(next)).toBeGreaterThan(place.get(node)!);
        });
        expect(new Set(rows.map(({ cells }) => cells.length)).size).toBe(1);
        for (const { node, cells } of rows)
          expect(cells.filter((cell) => cell === 'node')).toHaveLength(node === undefined ? 0 : 1);
      }),
    );
  });

  test('takes one line for whole levels that wait for each other, and one row for each task', () => {
    expect(picture(drawn(levels([3, 3, 2]), true, 100))).toBe(
      ['●     0', '├─●   1', '├─●   2', '├──▸● 3', '├▸●─┤ 4', '╰▸●─┤ 5', '  ●◂┤ 6', '    ● 7'].join('\n'),
    );
  });

  test('goes straight down where one task waits for another', () => {
    expect(picture(drawn([[1], [2], []], true, 100))).toBe(['● 0', '● 1', '● 2'].join('\n'));
  });
});
