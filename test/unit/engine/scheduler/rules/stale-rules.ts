import type { TaskId } from '../../../../../src/engine/model/ids.ts';
import type { Plan, RunOptions } from '../../../../../src/engine/model/pipeline/plan.ts';
import type { RunEvent } from '../../../../../src/engine/model/run/run-event.ts';
import { entryAt } from '../../../../../src/engine/model/run/task-table.ts';
import { must, type Rule } from './rule.ts';

export const staleRules: Readonly<Record<string, Rule>> = {
  'what has succeeded is marked stale exactly when it was made of stale data, or something upstream has run since': (
    { turns },
    { plan, options },
  ) => {
    const history = createHistory(plan, options);
    for (const { decision } of turns) {
      for (const event of decision.events) history.add(event);
      for (const { index, spec } of plan.tasks) {
        const { state, stale } = entryAt(decision.state.tasks, index);
        const hasData = state.kind === 'succeeded' || state.kind === 'reused';
        must(hasData || stale === undefined, { task: spec.id, state, stale });
        if (!hasData) continue;
        must((stale !== undefined) === history.isStale(index), { task: spec.id, stale });
      }
    }
  },

  'stale data is as old as the oldest upstream of it, and never newer than the task': ({ turns }, { plan }) => {
    for (const { decision } of turns) {
      for (const { index, upstream } of plan.tasks) {
        const { stale, endedAt } = entryAt(decision.state.tasks, index);
        for (const other of upstream) {
          const above = entryAt(decision.state.tasks, other).stale;
          if (entryAt(decision.state.tasks, index).state.kind !== 'succeeded' || above === undefined) continue;
          must(stale !== undefined && stale.since <= above.since, { stale, above });
        }
        if (stale !== undefined) must(stale.since <= endedAt!, { stale, endedAt });
      }
    }
  },

  'an earlier load stands in for a failed task when its author allows that and there is one, and then always': (
    { turns },
    { plan, options },
  ) => {
    for (const { before, decision } of turns) {
      for (const event of decision.events) {
        if (event.type !== 'task.finished') continue;
        const { outcome } = event;
        const index = plan.indexOf.get(event.task)!;
        const { useLastGood, setup } = plan.tasks[index]!.spec;
        const isAllowed = useLastGood === true && setup === undefined;
        const load = entryAt(before.tasks, index).lastGood ?? options.lastGood?.[event.task]?.at;
        if (outcome.kind === 'succeeded' && outcome.cause !== undefined) {
          must(isAllowed && load !== undefined && outcome.stale?.since === load, event);
        }
        // In a run that stops, the task did not get all its attempts.
        const hasFailed = outcome.kind === 'failed' || outcome.kind === 'timed-out';
        must(!hasFailed || !isAllowed || load === undefined || before.phase.kind === 'draining', event);
      }
    }
  },
};

/** What the events alone tell of how old the data is; the marks in the state are not looked at. */
export function createHistory({ tasks, order, indexOf }: Plan, { staleBefore = {}, lastGood = {} }: RunOptions) {
  /** By task that has succeeded: whether its data is old, because of what it was made from or of what ran since. */
  const succeeded = new Map<number, boolean>();
  const skipped = new Set<number>();
  const notNeeded = new Set<number>();
  /** Failures that are tolerated. */
  const tolerated = new Set<number>();
  const loaded = new Set<number>();

  const staleTasks = (): ReadonlySet<number> => {
    const stale = new Set<number>();
    for (const index of order) {
      if (!succeeded.has(index)) continue;
      if (succeeded.get(index) || tasks[index]!.upstream.some((other) => stale.has(other))) stale.add(index);
    }
    return stale;
  };
  const downstreamOf = (index: number): readonly number[] =>
    tasks[index]!.downstream.filter((other) => !skipped.has(other)).flatMap((other) => [other, ...downstreamOf(other)]);
  const isMadeOfOld = (index: number): boolean => {
    const stale = staleTasks();
    const { spec, upstream } = tasks[index]!;
    const didNotRun = (other: number) => skipped.has(other) || (notNeeded.has(other) && !loaded.has(other));
    const isLeftOut = (id: TaskId) => didNotRun(indexOf.get(id)!) && staleBefore[id] !== undefined;
    const isLeftOld = (other: number) =>
      tolerated.has(other) && (loaded.has(other) || lastGood[tasks[other]!.spec.id] !== undefined);
    return upstream.some((other) => stale.has(other) || isLeftOld(other)) || spec.dependencies.some(isLeftOut);
  };
  return {
    isStale: (index: number) => staleTasks().has(index),
    /** Whether it has succeeded in this run by its own work. */
    hasLoaded: (index: number) => loaded.has(index),
    add: (event: RunEvent) => {
      if (!('task' in event)) return;
      const index = indexOf.get(event.task)!;
      switch (event.type) {
        case 'task.reset':
          succeeded.delete(index);
          skipped.delete(index);
          notNeeded.delete(index);
          tolerated.delete(index);
          return;
        case 'task.started':
          // What sets something up makes no data.
          if (tasks[index]!.spec.setup !== undefined) return;
          for (const other of downstreamOf(index)) if (succeeded.has(other)) succeeded.set(other, true);
          return;
        case 'task.finished': {
          const { outcome } = event;
          if (outcome.kind === 'skipped') skipped.add(index);
          if (outcome.kind === 'not-needed') notNeeded.add(index);
          if ('tolerated' in outcome) tolerated.add(index);
          if (outcome.kind === 'reused') {
            succeeded.set(index, isMadeOfOld(index));
            loaded.add(index);
          }
          if (outcome.kind !== 'succeeded') return;
          succeeded.set(index, outcome.stale !== undefined || isMadeOfOld(index));
          if (outcome.degraded === undefined) loaded.add(index);
          return;
        }
        default:
          return;
      }
    },
  };
}
