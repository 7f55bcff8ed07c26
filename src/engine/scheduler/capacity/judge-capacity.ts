import type { Limits } from '../../model/pipeline/pipeline.ts';
import type { Plan, RunOptions } from '../../model/pipeline/plan.ts';
import type { ResourceSample } from '../../model/run/resource-sample.ts';
import type { ReservedNeeds, RunState } from '../../model/run/run-state.ts';
import { findResourceBlock, findRunBlock } from '../admission/admission-rules.ts';
import { explainCause } from '../admission/explain-wait.ts';
import { initialState } from '../state/initial-state.ts';
import { assessCapacity, assessCpu, capByDisk, capByMemory, freeConnections, type TaskCap } from './assess-capacity.ts';

/** `fewer`: some tasks start, but not as many as the limit of the run; `none`: no task starts because of it. */
type Verdict = { readonly verdict: 'free' | 'fewer' | 'none'; readonly reason?: string };

/** What the limits allow of one resource; shares are from 0 to 1. */
export type CapacityItem = Verdict &
  (
    | { readonly kind: 'cpu'; readonly used: number; readonly limit: number; readonly cores: number }
    | { readonly kind: 'memory'; readonly used: number; readonly limit: number; readonly totalBytes: number }
    | {
        readonly kind: 'disk';
        readonly role: 'project' | 'logs' | 'database';
        readonly freeBytes: number;
        readonly floorBytes: number;
      }
    /** `limit` is what the server gives to clients, `allowed` the share of it that tasks may use; what is unknown is absent. */
    | { readonly kind: 'connections'; readonly used?: number; readonly limit?: number; readonly allowed?: number }
  );

export type CapacityJudgement = {
  /** How many tasks of unknown needs could start now. Unlike a run, which may always start one task, it can be none. */
  readonly tasks: number;
  readonly items: readonly CapacityItem[];
};

/**
 * What a run would allow its tasks if it looked at the machine now, before any of them has started. Pure.
 * @param plan any plan of tasks whose needs are unknown, with the limits in question
 */
export function judgeCapacity(plan: Plan, options: RunOptions, sample: ResourceSample): CapacityJudgement {
  const idle: RunState = { ...initialState(plan, options), phase: { kind: 'running' } };
  const state: RunState = { ...idle, capacity: assessCapacity(idle, sample) };
  const items = [
    judgeCpu(idle, sample),
    judgeMemory(idle, sample),
    ...judgeDisks(idle, sample),
    ...judgeConnections(plan.pipeline.limits, sample),
  ];
  return { tasks: items.some(({ verdict }) => verdict === 'none') ? 0 : countStarts(state), items };
}

/** Starts tasks of unknown needs by the rules of a run, until one of them holds the next. */
function countStarts(state: RunState): number {
  const each: ReservedNeeds = { cpu: 0, memoryBytes: 0, ...state.capacity?.unknown };
  const reserved = new Map<number, ReservedNeeds>();
  for (let running = 0; ; running += 1) {
    const now: RunState = { ...state, running, reserved };
    if ((findRunBlock(now) ?? findResourceBlock(now, 0)) !== undefined) return running;
    reserved.set(running, each);
  }
}

function judgeCpu(state: RunState, sample: ResourceSample): CapacityItem {
  const { cause } = assessCpu(state, sample);
  const { cores, cpu } = sample;
  const item = { kind: 'cpu', used: cpu, limit: state.plan.pipeline.limits.cpu, cores } as const;
  return cause === undefined
    ? { ...item, verdict: 'free' }
    : { ...item, verdict: 'fewer', reason: explainCause(cause) };
}

function judgeMemory(state: RunState, sample: ResourceSample): CapacityItem {
  const { memory: used, memoryLimitBytes: totalBytes } = sample;
  const { memory: limit } = state.plan.pipeline.limits;
  return { kind: 'memory', used, limit, totalBytes, ...verdictOf(capByMemory(state, sample)) };
}

function judgeDisks(state: RunState, { disks = [] }: ResourceSample): readonly CapacityItem[] {
  const { diskFreeBytes: floorBytes } = state.plan.pipeline.limits;
  return disks.map((disk) => ({
    kind: 'disk',
    ...disk,
    floorBytes,
    ...verdictOf(capByDisk(state, { disks: [disk] })),
  }));
}

function judgeConnections(limits: Limits, { connections }: ResourceSample): readonly CapacityItem[] {
  if (connections === undefined) return [];
  const { used, limit, ours = 0 } = connections;
  const others = used - ours;
  const allowed = Math.floor(limit * limits.dbConnections);
  const item = { kind: 'connections', used: others, limit, allowed } as const;
  if (freeConnections(limits, connections) >= 1) return [{ ...item, verdict: 'free' }];
  return [
    { ...item, verdict: 'none', reason: `others hold ${others} connections, and ${allowed} of ${limit} may be used` },
  ];
}

function verdictOf(cap: TaskCap | undefined): Verdict {
  if (cap === undefined) return { verdict: 'free' };
  return { verdict: cap.tasks === 0 ? 'none' : 'fewer', reason: explainCause(cap.cause) };
}
