import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../../../src/engine/index.ts';
import { layout } from '../../../../../src/ui/layout.ts';
import { neededColumns, type TaskColumns, taskColumns } from '../../../../../src/ui/panes/tasks/task-columns.ts';
import type { TaskOrder } from '../../../../../src/ui/panes/tasks/task-order.ts';
import { bodySize } from '../../../../../src/ui/primitives/pane.ts';
import { planOf } from '../../support/half-way-run.ts';

type Content = { readonly plan: Plan; readonly tree: boolean; readonly hasUsage: boolean; readonly order: TaskOrder };

/** Pipelines with names of any length, with and without levels and a matrix. */
const contents: fc.Arbitrary<Content> = fc
  .record({
    names: fc.array(fc.integer({ min: 1, max: 110 }), { minLength: 1, maxLength: 4 }),
    levels: fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 2 }),
    family: fc.option(fc.integer({ min: 1, max: 60 })),
    hasUsage: fc.boolean(),
    order: fc.constantFrom<TaskOrder>('file', 'state', 'duration', 'cpu', 'memory'),
  })
  .map(({ names, levels, family, hasUsage, order }) => {
    const of = 'f'.repeat(family ?? 0);
    const instances = family === null ? [] : ['a', 'b'].map((value) => ({ id: `${of}[k=${value}]`, instance: { of } }));
    const plan = {
      tasks: [...names.map((length) => ({ id: 't'.repeat(length) })), ...instances].map((spec) => ({ spec })),
      levels: new Map(levels.map((length) => ['l'.repeat(length), [0]])),
      families: new Map(family === null ? [] : [[of, [names.length, names.length + 1]]]),
    };
    return { plan: plan as unknown as Plan, tree: levels.length > 0 && order === 'file', hasUsage, order };
  });

function columnsAt(columns: number, rows: number, { plan, tree, ...content }: Content, detail: boolean): TaskColumns {
  const needed = neededColumns(plan, plan.levels.size > 0);
  const places = layout(columns, rows, { taskColumns: needed, taskRows: 10, detail });
  if (places.size === 'too-small') throw new Error('there is room');
  const shape = { ...places.panes['tasks']!, focused: true, zoomed: false };
  return taskColumns(plan, bodySize(shape).width, { tree, ...content });
}

const roomOf = ({ nameEnd, taskIndent, note }: TaskColumns) => ({ name: nameEnd - taskIndent, note });

describe('the columns of the list of tasks', () => {
  test('cut no name and no message on a wider screen that fit on a narrower one', () => {
    fc.assert(
      fc.property(
        contents,
        fc.integer({ min: 100, max: 300 }),
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 30, max: 100 }),
        fc.integer({ min: 30, max: 100 }),
        (content, columns, more, rows, otherRows) => {
          const narrow = roomOf(columnsAt(columns, rows, content, false));
          const wide = roomOf(columnsAt(columns + more, otherRows, content, false));
          expect(wide.name).toBeGreaterThanOrEqual(narrow.name);
          expect(wide.note).toBeGreaterThanOrEqual(narrow.note);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('cut nothing at 200x50 that fits at 120x40, also beside the detail', () => {
    fc.assert(
      fc.property(contents, fc.boolean(), (content, detail) => {
        const narrow = roomOf(columnsAt(120, 40, content, detail));
        const wide = roomOf(columnsAt(200, 50, content, detail));
        expect(wide.name).toBeGreaterThanOrEqual(narrow.name);
        expect(wide.note).toBeGreaterThanOrEqual(narrow.note);
      }),
    );
  });

  test('fill the pane, and leave nothing blank but what the next column needs', () => {
    fc.assert(
      fc.property(contents, fc.integer({ min: 40, max: 200 }), ({ plan, ...content }, width) => {
        const { nameEnd, note, blank, cpu, memory, rows, time } = taskColumns(plan, width, content);
        const parts = [note, cpu, memory, rows, time].filter((part) => part > 0);
        const used = parts.reduce((sum, part) => sum + part + 1, nameEnd + blank + 1);
        expect(used).toBe(width);
        expect(blank).toBeLessThan(12);
      }),
    );
  });

  test('have CPU and memory where there is room and something was measured, and first of all when sorted by them', () => {
    const plan = planOf('version: 1\nname: p\ntasks: { some_task_of_usual_length: { command: [x] } }\n');
    const shown = (width: number, hasUsage: boolean, order: TaskOrder) => {
      const { cpu, memory, rows } = taskColumns(plan, width, { tree: false, hasUsage, order });
      return { cpu: cpu > 0, memory: memory > 0, rows: rows > 0 };
    };
    expect(shown(120, true, 'file')).toEqual({ cpu: true, memory: true, rows: true });
    expect(shown(120, false, 'cpu')).toEqual({ cpu: false, memory: false, rows: true });
    expect(shown(78, true, 'file')).toEqual({ cpu: false, memory: false, rows: true });
    expect(shown(78, true, 'memory')).toEqual({ cpu: false, memory: true, rows: true });
    expect(shown(44, true, 'cpu')).toEqual({ cpu: true, memory: false, rows: false });
  });
});
