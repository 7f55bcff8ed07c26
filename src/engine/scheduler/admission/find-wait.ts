import type { HostId, TaskId } from '../../model/ids.ts';
import { nextIndex } from '../../model/run/index-set.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { isOutcome, stopsDownstream, unblocksDownstream } from '../../model/run/task-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { hostsToReserve } from '../placement/place-task.ts';
import {
  findResourceBlock,
  findRunBlock,
  type ReservedResource,
  type ResourceBlock,
  type RunBlock,
} from './admission-rules.ts';
import { closedGates, unmetTurn } from './gates.ts';

/** The one reason for which a task does not run at the moment. */
export type Wait =
  | { readonly kind: 'dependency'; readonly task: TaskId; readonly more: number }
  | { readonly kind: 'check'; readonly check: string }
  /** It runs at the end of the run. */
  | { readonly kind: 'end' }
  | { readonly kind: 'backoff' }
  /** Something outside the run, or the answer whether it is needed. */
  | { readonly kind: 'awaited' | 'asking' }
  | RunBlock
  | Exclude<ResourceBlock, { readonly kind: 'reserved' }>
  /** What becomes free next is for this task before it in the queue. */
  | { readonly kind: 'reserved'; readonly of: 'connections' | 'memory'; readonly task: TaskId };

/** Undefined for a task that runs, has an outcome, or starts at once. */
export function findWait(state: RunState, index: number): Wait | undefined {
  const { kind } = entryAt(state.tasks, index).state;
  switch (kind) {
    case 'waiting':
      return state.plan.tasks[index]!.end === undefined ? findUnmet(state, index) : findWaitOfEnd(state, index);
    case 'backing-off':
      return { kind: 'backoff' };
    case 'awaiting':
      return { kind: 'awaited' };
    case 'asking':
      return { kind: 'asking' };
    case 'ready':
      return findRunBlock(state) ?? findOwnBlock(state, index);
    default:
      return undefined;
  }
}

function findUnmet(state: RunState, index: number): Wait | undefined {
  const { tasks, checks } = state.plan;
  // An instance of a matrix that was not needed keeps nobody waiting who joins it with others.
  const unmet = tasks[index]!.upstream.filter((one) => {
    const { state: task } = entryAt(state.tasks, one);
    return !unblocksDownstream(task) && !stopsDownstream(task);
  });
  const [first] = unmet;
  if (first !== undefined) return { kind: 'dependency', task: tasks[first]!.spec.id, more: unmet.length - 1 };
  const [gate] = closedGates(state, index);
  if (gate !== undefined) return { kind: 'check', check: checks[gate]!.spec.name };
  const before = unmetTurn(state, index);
  return before === undefined ? undefined : { kind: 'dependency', task: tasks[before]!.spec.id, more: 0 };
}

/** For a task at the end that no other task keeps waiting, the rest of the run, or a check, does. */
function findWaitOfEnd(state: RunState, index: number): Wait {
  const { tasks } = state.plan;
  const unmet = tasks[index]!.end!.after.filter((other) => !isOutcome(entryAt(state.tasks, other).state));
  const [first] = unmet;
  if (first === undefined) return { kind: 'end' };
  return { kind: 'dependency', task: tasks[first]!.spec.id, more: unmet.length - 1 };
}

function findOwnBlock(state: RunState, index: number): Wait | undefined {
  const block = findResourceBlock(state, index);
  if (block !== undefined && block.kind !== 'connections' && !lacks(block, 'memory')) return block as Wait;
  // It may lack nothing itself, and wait for one before it in the queue.
  for (const of of ['connections', 'memory'] as const) {
    const task = firstThatLacks(state, index, of);
    if (task === undefined) continue;
    const reserved = new Set<ReservedResource | HostId>([of]);
    if (of === 'memory') for (const host of hostsToReserve(state, task)) reserved.add(host);
    if (findResourceBlock(state, index, reserved)?.kind === 'reserved')
      return { kind: 'reserved', of, task: state.plan.tasks[task]!.spec.id };
  }
  return block as Wait | undefined;
}

/** The task before this one in the queue that lacks the resource, so that what becomes free is reserved for it. */
function firstThatLacks(state: RunState, index: number, of: ReservedResource): number | undefined {
  for (let place = nextIndex(state.ready, 0); place !== undefined; place = nextIndex(state.ready, place + 1)) {
    if (place >= state.queuePlace[index]!) return undefined;
    const other = state.queueOrder[place]!;
    if (lacks(findResourceBlock(state, other), of)) return other;
  }
  return undefined;
}

/** Whether the task waits for that resource, here or on every host. */
function lacks(block: ResourceBlock | undefined, of: ReservedResource): boolean {
  return block?.kind === of || (of === 'memory' && block?.kind === 'host-memory');
}
