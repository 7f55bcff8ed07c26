import type { TaskId } from '../model/ids.ts';
import type { RunState } from '../model/run/run-state.ts';
import { entryAt } from '../model/run/task-table.ts';
import { durationMs } from './files/task-result.ts';

/** The chain of dependent tasks that took longest in a run. */
export type LongestChain = {
  readonly ms: number;
  /** In their order, without tasks that did not run. */
  readonly tasks: readonly TaskId[];
};

/** Delays between attempts count, because downstream tasks waited for them as well. */
export function longestChain(state: RunState): LongestChain {
  const { tasks, checks, order } = state.plan;
  const ahead = tasks.map(({ upstream, end, turn }) => [
    ...(end?.after ?? upstream),
    ...(turn?.after === undefined ? [] : [turn.after]),
  ]);
  for (const { after, gates } of checks) for (const gated of gates) ahead[gated]!.push(...after);
  const others = tasks.filter(({ end }) => end === undefined).map(({ index }) => index);
  for (const { index, end } of tasks) if (end !== undefined && end.when !== 'teardown') ahead[index]!.push(...others);
  const ends = new Array<number>(tasks.length).fill(0);
  /** By task: the one before it on the longest chain to it. */
  const previous = new Array<number | undefined>(tasks.length);
  let last: number | undefined;
  for (const index of order) {
    let start = 0;
    for (const before of ahead[index]!) {
      if (ends[before]! <= start) continue;
      start = ends[before]!;
      previous[index] = before;
    }
    ends[index] = start + durationMs(entryAt(state.tasks, index));
    if (ends[index]! > (last === undefined ? 0 : ends[last]!)) last = index;
  }
  const chain: TaskId[] = [];
  for (let at = last; at !== undefined; at = previous[at]) {
    if (durationMs(entryAt(state.tasks, at)) > 0) chain.push(tasks[at]!.spec.id);
  }
  return { ms: last === undefined ? 0 : ends[last]!, tasks: chain.reverse() };
}
