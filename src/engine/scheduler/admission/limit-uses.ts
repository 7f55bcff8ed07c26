import type { ResourceSample } from '../../model/run/resource-sample.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { checkSessions } from '../capacity/check-sessions.ts';
import { connectionBudget, reservedTogether } from '../capacity/task-needs.ts';
import { maxRunning } from '../overload/step-limit.ts';
import { limitOfRun } from '../placement/known-hosts.ts';
import { findWait, type Wait } from './find-wait.ts';
import { connectionHolders, poolHolders } from './name-holders.ts';
import { readyTasks } from './ready-tasks.ts';

/** How many tasks may run at once, and what says so. */
export type SlotLimit = {
  readonly allowed: number;
  /** `auto`: the machine decides, and `allowed` is only the most; `machine`: it has too little left for the limit of the run. */
  readonly by: 'auto' | 'number' | 'stepped-down' | 'machine';
};

/** `binds`: a ready task does not start because of it. `holders` say who has it: "a holds 5, b 3". */
export type LimitUse = { readonly binds: boolean } & (
  | { readonly kind: 'slots'; readonly used: number; readonly limit: SlotLimit }
  /** Cores and bytes that the running tasks are counted with, and those that they may be. */
  | { readonly kind: 'cpu' | 'memory'; readonly used: number; readonly allowed: number }
  | { readonly kind: 'connections'; readonly used: number; readonly allowed: number; readonly holders: string }
  | {
      readonly kind: 'pool';
      readonly pool: string;
      readonly used: number;
      readonly allowed: number;
      readonly holders: string;
    }
  | {
      readonly kind: 'disk';
      readonly role: 'project' | 'logs' | 'database';
      readonly freeBytes: number;
      readonly floorBytes: number;
    }
);

/** To find a reason takes a walk through the queue; further tasks mostly wait for the same. */
const maxLooked = 20;

export function slotLimit(state: RunState): SlotLimit {
  const { capacity, options, overload, maxParallel, running } = state;
  const most = Math.min(maxRunning(state), limitOfRun(state));
  // One task may always run.
  const ofMachine = capacity?.tasks === undefined ? most : Math.max(capacity.tasks, running === 0 ? 1 : 0);
  if (ofMachine < most) return { allowed: ofMachine, by: 'machine' };
  if (overload.maxParallel !== undefined && most < maxParallel) return { allowed: most, by: 'stepped-down' };
  const isAuto = options.auto === true && !options.sequential && maxParallel === options.maxParallel;
  return { allowed: most, by: isAuto ? 'auto' : 'number' };
}

/** All limits of a run, how much of each is used, and which keep ready tasks from starting. */
export function limitUses(state: RunState, sample: ResourceSample | undefined): readonly LimitUse[] {
  const { capacity, plan, poolUse, connectionUse, running } = state;
  const binding = new Set(readyTasks(state, maxLooked).flatMap((index) => bindingOf(findWait(state, index))));
  const { cpu, memoryBytes } = reservedTogether(state);
  const budget = connectionBudget(state);
  const uses: LimitUse[] = [{ kind: 'slots', used: running, limit: slotLimit(state), binds: binding.has('slots') }];
  if (capacity?.cpu !== undefined)
    uses.push({ kind: 'cpu', used: cpu, allowed: capacity.cpu, binds: binding.has('cpu') });
  if (capacity?.memoryBytes !== undefined)
    uses.push({ kind: 'memory', used: memoryBytes, allowed: capacity.memoryBytes, binds: binding.has('memory') });
  if (budget !== undefined) {
    const holders = connectionHolders(state);
    uses.push({
      kind: 'connections',
      used: connectionUse + checkSessions(state),
      allowed: budget,
      holders,
      binds: binding.has('connections'),
    });
  }
  for (const [pool, allowed] of plan.pipeline.pools) {
    const used = poolUse.get(pool) ?? 0;
    const holders = used === 0 ? '' : poolHolders(state, pool);
    uses.push({ kind: 'pool', pool, used, allowed, holders, binds: binding.has(`pool ${pool}`) });
  }
  for (const disk of sample?.disks ?? []) {
    const floorBytes = plan.pipeline.limits.diskFreeBytes;
    uses.push({ kind: 'disk', ...disk, floorBytes, binds: binding.has(`disk ${disk.role}`) });
  }
  return uses;
}

function bindingOf(wait: Wait | undefined): readonly string[] {
  switch (wait?.kind) {
    case 'pool':
      return [`pool ${wait.pool}`];
    case 'reserved':
      return [wait.of];
    case 'machine':
      return [wait.cause.kind === 'disk' ? `disk ${wait.cause.role}` : wait.cause.kind];
    case 'hosts-busy':
      return ['slots'];
    case 'slots':
    case 'cpu':
    case 'memory':
    case 'connections':
      return [wait.kind];
    default:
      return [];
  }
}
