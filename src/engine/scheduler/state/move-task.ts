import { withIndex, withoutIndex } from '../../model/run/index-set.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { isOutcome, type TaskState, unblocksDownstream } from '../../model/run/task-state.ts';
import { entryAt, mapEntries, type TaskEntry, type TaskTable, withEntry } from '../../model/run/task-table.ts';
import { connectionNeed, needsOf } from '../capacity/task-needs.ts';

/** Replaces the entry of a task and updates everything derived from it: queue, slots, pools, connections, unmet counts downstream. */
export function moveTask(state: RunState, index: number, entry: TaskEntry): RunState {
  const { spec, downstream, end, turn } = state.plan.tasks[index]!;
  const old = entryAt(state.tasks, index);
  const before = old.state;
  const after = entry.state;
  const change = (holds: (state: TaskState) => boolean) => Number(holds(after)) - Number(holds(before));
  const runs = change(isRunning);
  const changeAlone = (kind: TaskState['kind']) =>
    Number(entry.alone === true && after.kind === kind) - Number(old.alone === true && before.kind === kind);
  const place = state.queuePlace[index]!;
  const ends = change(isOutcome);
  const tasks = changeUnmet(withEntry(state.tasks, index, entry), downstream, -change(unblocksDownstream));
  return {
    ...state,
    tasks: turn?.before === undefined ? tasks : changeUnmet(tasks, [turn.before], -ends),
    ready: after.kind === 'ready' ? withIndex(state.ready, place) : withoutIndex(state.ready, place),
    running: state.running + runs,
    backingOff: state.backingOff + change(isBackingOff),
    awaiting: state.awaiting + change(isAwaiting),
    asking: state.asking + change(isAsking),
    open: state.open - ends,
    openEnds: end === undefined ? state.openEnds : state.openEnds - ends,
    poolUse: runs === 0 ? state.poolUse : changeUse(state.poolUse, spec.pools, runs),
    connectionUse: runs === 0 ? state.connectionUse : state.connectionUse + runs * connectionNeed(state, index),
    reserved: runs === 0 || !isCounted(state) ? state.reserved : changeReserved(state, index, runs),
    runningAlone: state.runningAlone + changeAlone('running'),
    readyAlone: state.readyAlone + changeAlone('ready'),
  };
}

/** Adds `by` to the unmet count of the waiting tasks among `indices`. */
export function changeUnmet(tasks: TaskTable, indices: readonly number[], by: number): TaskTable {
  if (by === 0) return tasks;
  return mapEntries(tasks, indices, (entry) => {
    if (entry.state.kind !== 'waiting') return entry;
    return { ...entry, state: { kind: 'waiting', unmet: entry.state.unmet + by } };
  });
}

function changeUse(
  poolUse: ReadonlyMap<string, number>,
  pools: readonly string[],
  by: number,
): ReadonlyMap<string, number> {
  if (pools.length === 0) return poolUse;
  const changed = new Map(poolUse);
  for (const pool of pools) changed.set(pool, (changed.get(pool) ?? 0) + by);
  return changed;
}

function isCounted({ capacity, hosts }: RunState): boolean {
  return capacity !== undefined || hosts !== undefined;
}

function changeReserved(state: RunState, index: number, by: number): RunState['reserved'] {
  const changed = new Map(state.reserved);
  if (by > 0) changed.set(index, needsOf(state, index));
  else changed.delete(index);
  return changed;
}

function isRunning(state: TaskState): boolean {
  return state.kind === 'running';
}

function isAwaiting(state: TaskState): boolean {
  return state.kind === 'awaiting';
}

function isAsking(state: TaskState): boolean {
  return state.kind === 'asking';
}

function isBackingOff(state: TaskState): boolean {
  return state.kind === 'backing-off';
}
