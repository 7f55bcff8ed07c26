import type { HostId } from '../../model/ids.ts';
import type { CapacityCause } from '../../model/run/capacity.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { checkSessions } from '../capacity/check-sessions.ts';
import { connectionBudget, connectionNeed, needsOf, negligibleCpu, reservedTogether } from '../capacity/task-needs.ts';
import { maxRunning } from '../overload/step-limit.ts';
import { type HostBlock, placeTask, suitableHosts } from '../placement/place-task.ts';
import { isAbandoned, mayRunEnds } from '../run-phase.ts';
import { isUnderWay } from './gates.ts';

/** Why no task at all may start now. A new rule needs a member here or in `ResourceBlock`, its text in `explainWait`, and its cause in `measure-waits.ts`. */
export type RunBlock =
  | { readonly kind: 'phase' | 'paused' | 'slots' | 'turn' }
  /** A task runs alone, or will once what runs has ended. */
  | { readonly kind: 'alone' }
  /** The machine has too little left; see the cause. */
  | { readonly kind: 'machine'; readonly cause: CapacityCause };

/** Why one ready task may not start now, while others may. */
export type ResourceBlock =
  | { readonly kind: 'pool'; readonly pool: string }
  | { readonly kind: 'connections' | 'cpu' | 'memory' }
  /** It needs connections or memory, and the next free ones are reserved for a task before it in the queue. */
  | { readonly kind: 'reserved'; readonly of: ReservedResource }
  /** Another task is to run alone before. */
  | { readonly kind: 'alone' }
  | HostBlock;

/** What is reserved for the first task that lacks it, so that smaller tasks do not take it again and again. */
export type ReservedResource = 'connections' | 'memory';

/** Hosts are there by their id: their memory is reserved. */
export type Reservations = ReadonlySet<ReservedResource | HostId>;

const noneReserved: Reservations = new Set();

export function findRunBlock(state: RunState): RunBlock | undefined {
  const { phase, paused, running, options, capacity } = state;
  if (!mayRunEnds(phase)) return { kind: 'phase' };
  // When a run stops, what is ready are tasks at its end, and nobody will end the pause of one that was cancelled.
  if (paused && phase.kind === 'running') return { kind: 'paused' };
  if (state.runningAlone > 0 || (state.readyAlone > 0 && running > 0)) return { kind: 'alone' };
  if (running >= maxRunning(state)) return { kind: 'slots' };
  if (options.sequential && !isTurnOver(state)) return { kind: 'turn' };
  // With nothing running, one task may always start: nothing else would end the wait.
  if (running === 0 || capacity?.tasks === undefined || capacity.cause === undefined) return undefined;
  return running < capacity.tasks ? undefined : { kind: 'machine', cause: capacity.cause };
}

export function findResourceBlock(
  state: RunState,
  index: number,
  reserved: Reservations = noneReserved,
): ResourceBlock | undefined {
  if (state.readyAlone > 0 && entryAt(state.tasks, index).alone !== true) return { kind: 'alone' };
  // Nothing is kept for a task that no host can take: that would hold up the others until one comes.
  if (state.hosts !== undefined && suitableHosts(state, index).length === 0) return { kind: 'no-host' };
  const { pools } = state.plan.tasks[index]!.spec;
  const full = pools.find((pool) => (state.poolUse.get(pool) ?? 0) >= state.plan.pipeline.pools.get(pool)!);
  if (full !== undefined) return { kind: 'pool', pool: full };
  return (
    findConnectionBlock(state, index, reserved) ??
    findMachineBlock(state, index, reserved) ??
    findHostBlock(state, index, reserved)
  );
}

function findHostBlock(state: RunState, index: number, reserved: Reservations): ResourceBlock | undefined {
  const placement = placeTask(state, index, reserved);
  return placement?.kind === 'host' ? undefined : placement;
}

function findConnectionBlock(state: RunState, index: number, reserved: Reservations): ResourceBlock | undefined {
  const connections = connectionNeed(state, index);
  const budget = connectionBudget(state);
  if (connections === 0 || budget === undefined) return undefined;
  if (reserved.has('connections')) return { kind: 'reserved', of: 'connections' };
  const used = state.connectionUse + checkSessions(state);
  // A task that needs more than the budget may start when it is the only one: it could never start otherwise.
  const fits = used === 0 || used + connections <= budget;
  return fits ? undefined : { kind: 'connections' };
}

function findMachineBlock(state: RunState, index: number, reserved: Reservations): ResourceBlock | undefined {
  const { capacity, running } = state;
  if (capacity === undefined || running === 0) return undefined;
  const needs = needsOf(state, index);
  const together = reservedTogether(state);
  if (needs.cpu >= negligibleCpu && capacity.cpu !== undefined && together.cpu >= capacity.cpu) return { kind: 'cpu' };
  if (needs.memoryBytes === 0 || capacity.memoryBytes === undefined) return undefined;
  if (reserved.has('memory')) return { kind: 'reserved', of: 'memory' };
  return together.memoryBytes + needs.memoryBytes <= capacity.memoryBytes ? undefined : { kind: 'memory' };
}

/**
 * A sequential run waits for retries, gates under way and what the task waits for or is asked whose turn it is, so that the
 * order is that of the plan. A run that no longer waits for its checks does not wait for gates either.
 */
function isTurnOver(state: RunState): boolean {
  const { backingOff, awaiting, asking, checks, plan, phase } = state;
  if (backingOff + awaiting + asking > 0) return false;
  return isAbandoned(phase) || !plan.checks.some(({ gates, index }) => gates.length > 0 && isUnderWay(checks[index]!));
}
