import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TaskId } from '../../../../src/engine/model/ids.ts';
import type { Plan, Selection } from '../../../../src/engine/model/pipeline/plan.ts';
import { planPipeline } from '../../../../src/engine/pipeline/plan-pipeline.ts';
import { criticalPath } from '../../../../src/engine/plan/critical-path.ts';
import { executionWaves } from '../../../../src/engine/plan/execution-waves.ts';
import { type RandomPipeline, randomPipeline } from './random-pipeline.ts';

/** All tasks, the unused ones included. */
function planAll(pipeline: RandomPipeline): Plan {
  const { plan, diagnostics } = planPipeline(
    pipeline.text,
    'f.yaml',
    { only: pipeline.tasks },
    pipeline.durations as ReadonlyMap<TaskId, number>,
  );
  expect(diagnostics).toEqual([]);
  return plan!;
}

function namesOf(plan: Plan, indices: Iterable<number>): readonly string[] {
  return [...indices].map((index) => plan.tasks[index]!.spec.id);
}

/** These and all that can be reached from them, by plain repetition. */
function reach<Name>(from: Iterable<Name>, next: (name: Name) => Iterable<Name>): ReadonlySet<Name> {
  const reached = new Set(from);
  for (let before = -1; before < reached.size; ) {
    before = reached.size;
    for (const name of [...reached]) for (const other of next(name)) reached.add(other);
  }
  return reached;
}

describe('any valid pipeline', () => {
  it('becomes the graph that its text describes', () => {
    fc.assert(
      fc.property(randomPipeline, (pipeline) => {
        const plan = planAll(pipeline);
        expect(namesOf(plan, plan.tasks.keys())).toEqual(pipeline.tasks);
        for (const task of plan.tasks) {
          expect(new Set(namesOf(plan, task.upstream))).toEqual(pipeline.upstream.get(task.spec.id));
          expect(new Set(task.upstream).size).toBe(task.upstream.length);
          for (const up of task.upstream) expect(plan.tasks[up]!.downstream).toContain(task.index);
          for (const down of task.downstream) expect(plan.tasks[down]!.upstream).toContain(task.index);
          expect(plan.indexOf.get(task.spec.id)).toBe(task.index);
        }
        expect(
          [...plan.levels].filter(([, tasks]) => tasks.length > 0).map(([id, tasks]) => [id, namesOf(plan, tasks)]),
        ).toEqual([...pipeline.levels]);
      }),
    );
  });

  it('has an order in which each task comes after all that it waits for, and ranks that are a permutation', () => {
    fc.assert(
      fc.property(randomPipeline, (pipeline) => {
        const plan = planAll(pipeline);
        const everyone = plan.tasks.map(({ index }) => index);
        expect(plan.order.toSorted((a, b) => a - b)).toEqual(everyone);
        expect(plan.byRank.toSorted((a, b) => a - b)).toEqual(everyone);
        const place = new Map(plan.order.map((index, at) => [index, at]));
        for (const { index, upstream, rank } of plan.tasks) {
          expect(plan.byRank[rank]).toBe(index);
          for (const up of upstream) expect(place.get(up)!).toBeLessThan(place.get(index)!);
        }
      }),
    );
  });

  it('keeps the order of the file where the dependencies allow it', () => {
    fc.assert(
      fc.property(randomPipeline, (pipeline) => {
        const plan = planAll(pipeline);
        const left = new Set(plan.tasks.map(({ index }) => index));
        const byHand = plan.tasks.map(() => {
          const next = [...left].find((index) => plan.tasks[index]!.upstream.every((up) => !left.has(up)))!;
          left.delete(next);
          return next;
        });
        expect(plan.order).toEqual(byHand);
      }),
    );
  });

  it('with one dependency reversed has a cycle, which is named', () => {
    fc.assert(
      fc.property(randomPipeline, fc.nat(), fc.nat(), (pipeline, from, to) => {
        const task = pipeline.tasks[from % pipeline.tasks.length]!;
        const above = [...reach([task], (name) => pipeline.upstream.get(name)!)].filter((name) => name !== task);
        fc.pre(above.length > 0);
        const back = above[to % above.length]!;
        const marker = new RegExp(`(${back}(?::|,).*dependencies: \\[)([^\\]]*)\\]`);
        const text = pipeline.text.replace(
          marker,
          (_, head, rest) => `${head}${rest === '' ? task : `${rest}, ${task}`}]`,
        );
        fc.pre(text !== pipeline.text);
        const { plan, diagnostics } = planPipeline(text, 'f.yaml');
        expect(plan).toBeUndefined();
        expect(diagnostics.length).toBeGreaterThan(0);
        const upstream = new Map(pipeline.upstream);
        upstream.set(back, new Set([...upstream.get(back)!, task]));
        for (const { code, message } of diagnostics) {
          expect(code).toBe('plan/cycle');
          const path = message.replace(/^.*: /, '').split(' → ');
          expect(path[0]).toBe(path.at(-1));
          path.slice(1).forEach((name, at) => {
            expect(upstream.get(path[at]!)).toContain(name);
          });
        }
      }),
    );
  });
});

describe('a selection', () => {
  const names = fc.array(fc.nat(14), { maxLength: 3 });
  const options = fc.record({ only: names, from: names, until: names, skip: names }, { requiredKeys: [] });

  /** Numbers become names of tasks, and the highest ones names of levels. */
  function named(pipeline: RandomPipeline, option: readonly number[] | undefined): readonly string[] | undefined {
    const all = [...pipeline.tasks, ...pipeline.levels.keys()];
    return option?.map((number) => all[number % all.length]!);
  }

  it('equals that of a simple reference implementation, and keeps the order of the tasks', () => {
    fc.assert(
      fc.property(randomPipeline, options, (pipeline, drawn) => {
        const selection: Selection = Object.fromEntries(
          Object.entries(drawn).map(([option, numbers]) => [option, named(pipeline, numbers)!]),
        );
        const expand = (list: readonly string[]) => list.flatMap((name) => pipeline.levels.get(name) ?? [name]);
        const above = (name: string) => pipeline.upstream.get(name)!;
        const below = (name: string) => pipeline.tasks.filter((one) => above(one).has(name));
        const { only, from, until, skip = [] } = selection;
        const inLevels = [...pipeline.levels.values()].flat();
        const byDefault = inLevels.length === 0 ? new Set(pipeline.tasks) : reach(inLevels, above);
        const narrowed = only !== undefined || from !== undefined || until !== undefined;
        const chosen = pipeline.tasks.filter(
          (name) =>
            (narrowed || byDefault.has(name)) &&
            (only === undefined || expand(only).includes(name)) &&
            (from === undefined || reach(expand(from), below).has(name)) &&
            (until === undefined || reach(expand(until), above).has(name)),
        );
        const { plan, diagnostics } = planPipeline(pipeline.text, 'f.yaml', selection);
        if (chosen.length === 0) {
          expect(diagnostics).toMatchObject([{ code: 'plan/no-tasks', message: 'there is no task to run' }]);
          return;
        }
        expect(plan!.tasks.map(({ spec }) => spec.id)).toEqual(chosen);
        expect(plan!.tasks.filter((task) => task.skip).map(({ spec }) => spec.id)).toEqual(
          chosen.filter((name) => expand(skip).includes(name)),
        );
        // Two tasks that run wait for each other, over whatever lies between, exactly when they did before.
        for (const task of plan!.tasks) {
          if (task.skip) continue;
          const now = reach([task.index], (index) => plan!.tasks[index]!.upstream);
          const before = reach([task.spec.id], above);
          const nowNames = new Set(namesOf(plan!, now));
          expect(nowNames).toEqual(new Set(chosen.filter((name) => before.has(name))));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('the simulation of a run', () => {
  const durationsOf = (pipeline: RandomPipeline) => pipeline.durations as ReadonlyMap<TaskId, number>;

  it('takes as long as all tasks together with one slot, and as the critical path with unlimited slots', () => {
    fc.assert(
      fc.property(randomPipeline, (pipeline) => {
        const plan = planAll({ ...pipeline, text: pipeline.text.replace('p1: 1, p2: 2', 'p1: 99, p2: 99') });
        const durations = durationsOf(pipeline);
        const path = criticalPath(plan, durations);
        expect(path.tasks.reduce((sum, index) => sum + pipeline.durations.get(plan.tasks[index]!.spec.id)!, 0)).toBe(
          path.totalMs,
        );
        path.tasks.slice(1).forEach((index, at) => {
          expect(plan.tasks[index]!.upstream).toContain(path.tasks[at]!);
        });
      }),
    );
  });

  it('computes waves: each task is one wave after the last task that it waits for', () => {
    fc.assert(
      fc.property(randomPipeline, (pipeline) => {
        const plan = planAll(pipeline);
        const waves = executionWaves(plan);
        const waveOf = new Map(waves.flatMap((wave, number) => wave.map((index) => [index, number] as const)));
        expect(waveOf.size).toBe(plan.tasks.length);
        for (const { index, upstream } of plan.tasks) {
          expect(waveOf.get(index)).toBe(Math.max(-1, ...upstream.map((up) => waveOf.get(up)!)) + 1);
        }
      }),
    );
  });
});
