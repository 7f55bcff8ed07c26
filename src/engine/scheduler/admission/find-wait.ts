import type { HostId, TaskId } from '../../model/ids.ts';
import { difference, nextIndex } from '../../model/run/index-set.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { isOutcome, stopsDownstream, unblocksDownstream } from '../../model/run/task-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import {
  findResourceBlock,
  findRunBlock,
  type ReservedResource,
  type ResourceBlock,
  type RunBlock,
} from './admission-rules.ts';
import { closedGates, unmetTurn } from './gates.ts';
import { reserveFor } from './reserve-for.ts';

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

/** Who lacks one of these may wait for a task before it in the queue, which lacks it too. */
const mayWaitBehind: ReadonlySet<ResourceBlock['kind']> = new Set(['connections', 'memory', 'host-memory']);

function findOwnBlock(state: RunState, index: number): Wait | undefined {
  const block = findResourceBlock(state, index);
  if (block !== undefined && !mayWaitBehind.has(block.kind)) return block as Wait;
  // It may lack nothing itself, and wait for one before it in the queue.
  return findReservation(state, index) ?? (block as Wait | undefined);
}

/** The task before this one in the queue for which is kept what this one needs; it is gathered as when ready tasks start. */
function findReservation(state: RunState, index: number): Wait | undefined {
  const { demandClasses, plan, queueOrder, queuePlace, readyAlone } = state;
  const reserved = new Set<ReservedResource | HostId>();
  let candidates = state.ready;
  let place = nextIndex(candidates, 0);
  while (place !== undefined && place < queuePlace[index]!) {
    const other = queueOrder[place]!;
    const block = findResourceBlock(state, other, reserved);
    const before = reserved.size;
    reserveFor(state, other, block, reserved);
    const own = reserved.size > before ? findResourceBlock(state, index, reserved) : undefined;
    if (own?.kind === 'reserved') return { ...own, task: plan.tasks[other]!.spec.id };
    if (block !== undefined && readyAlone === 0)
      candidates = difference(candidates, demandClasses.members[demandClasses.ofPlace[place]!]!);
    place = nextIndex(candidates, place + 1);
  }
  return undefined;
}
