import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LayoutOptions, layout, type PaneId, type Rect } from '../../../src/ui/layout.ts';
import { paneOf, panes } from '../../../src/ui/panes/registry.ts';

const cases: readonly (readonly [
  columns: number,
  rows: number,
  options: LayoutOptions,
  size: string,
  shown: readonly PaneId[],
])[] = [
  [59, 40, {}, 'too-small', []],
  [120, 14, {}, 'too-small', []],
  [60, 15, {}, 'S', ['tasks', 'log']],
  [80, 24, {}, 'S', ['tasks', 'log']],
  [80, 24, { shown: 'checks' }, 'S', ['tasks', 'checks']],
  [80, 24, { shown: 'tasks' }, 'S', ['tasks', 'log']],
  [80, 24, { detail: true }, 'S', ['tasks', 'detail']],
  [300, 29, {}, 'S', ['tasks', 'log']],
  [120, 40, {}, 'M', ['tasks', 'charts', 'log']],
  [120, 40, { taskRows: 14 }, 'M', ['tasks', 'timeline', 'charts', 'log']],
  [120, 40, { taskRows: 100 }, 'M', ['tasks', 'charts', 'log']],
  [120, 40, { taskRows: 14, shown: 'timeline' }, 'M', ['tasks', 'timeline', 'charts', 'log']],
  [120, 40, { shown: 'history' }, 'M', ['tasks', 'charts', 'history']],
  [200, 50, {}, 'L', ['tasks', 'charts', 'timeline', 'log']],
  [200, 50, { taskRows: 14, detail: true }, 'L', ['tasks', 'checks', 'charts', 'timeline', 'detail', 'log']],
  [200, 50, { zoom: 'log' }, 'L', ['log']],
];

describe('layout', () => {
  test.each(cases)('%ix%i %j is %s', (columns, rows, options, size, shown) => {
    const places = layout(columns, rows, options);
    expect(places.size).toBe(size);
    expect(places.size === 'too-small' ? [] : Object.keys(places.panes)).toEqual(shown);
  });

  test('a screen is divided without gaps and overlaps', () => {
    const pane = fc.constantFrom(...panes.map(({ id }) => id));
    const options = fc.record(
      { zoom: pane, shown: pane, detail: fc.boolean(), taskRows: fc.nat(60) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 60, max: 300 }),
        fc.integer({ min: 15, max: 100 }),
        options,
        (columns, rows, some) => {
          const places = layout(columns, rows, some);
          if (places.size === 'too-small') throw new Error('there is room from 60x15 on');
          expectTiling([places.header, places.footer, ...Object.values(places.panes)], columns, rows);
          for (const [id, { width, height }] of Object.entries(places.panes)) {
            expect(paneOf(id).id).toBe(id);
            expect(Math.min(width - 20, height - 4)).toBeGreaterThanOrEqual(0);
          }
        },
      ),
    );
  });

  test('the focused pane is on the screen', () => {
    for (const { id: shown } of panes) {
      for (const [columns, rows] of [
        [80, 24],
        [120, 40],
        [200, 50],
      ] as const) {
        const places = layout(columns, rows, { shown });
        expect(places.size !== 'too-small' && places.panes[shown]).toBeTruthy();
      }
    }
  });
});

function expectTiling(rects: readonly Rect[], columns: number, rows: number): void {
  const covered = new Uint8Array(columns * rows);
  for (const { x, y, width, height } of rects) {
    for (let row = y; row < y + height; row += 1) {
      for (let column = x; column < x + width; column += 1) covered[row * columns + column]! += 1;
    }
  }
  expect(covered.every((times) => times === 1)).toBe(true);
}
