import type { PlannedEnd } from '../../../../../src/engine/model/pipeline/plan.ts';
import type { HostState } from '../../../../../src/engine/model/run/host-state.ts';
import { nextIndex } from '../../../../../src/engine/model/run/index-set.ts';
import type { RunState } from '../../../../../src/engine/model/run/run-state.ts';
import { isOutcome, type TaskState } from '../../../../../src/engine/model/run/task-state.ts';
import { entryAt } from '../../../../../src/engine/model/run/task-table.ts';
import { isDone, must, statesOf, verdictOf } from './rule.ts';

/** What is counted is what is there, and whoever has nothing to wait for does not wait; throws when it is not so. */
export function checkCounts(state: RunState): void {
  const all = statesOf(state);
  const count = (kind: TaskState['kind']) => all.filter((one) => one.kind === kind).length;
  const running = state.plan.tasks.filter(({ index }) => all[index]!.kind === 'running');
  must(state.running === running.length, 'running');
  must(state.backingOff === count('backing-off'), 'backing off');
  must(state.open === all.filter((one) => !isOutcome(one)).length, 'open');
  const openEnds = state.plan.tasks.filter(({ index, end }) => end !== undefined && !isOutcome(all[index]!));
  must(state.openEnds === openEnds.length, 'open ends');
  must(state.ready.size === count('ready'), 'ready');
  must(state.asking === count('asking') && state.awaiting === count('awaiting'), 'conditions');
  must(state.askingChecks === state.checks.filter(({ kind }) => kind === 'running').length, 'checks');
  must(state.connectionUse === running.reduce((sum, { spec }) => sum + spec.connections, 0), 'connections');
  for (const pool of state.plan.pipeline.pools.keys()) {
    const holders = running.filter(({ spec }) => spec.pools.includes(pool));
    must((state.poolUse.get(pool) ?? 0) === holders.length, pool);
  }
  if (state.capacity !== undefined || state.hosts !== undefined)
    must(state.reserved.size === running.length, 'reserved');
  for (const kind of ['ready', 'running'] as const) {
    const alone = state.plan.tasks.filter(
      ({ index }) => all[index]!.kind === kind && entryAt(state.tasks, index).alone,
    );
    must((kind === 'ready' ? state.readyAlone : state.runningAlone) === alone.length, `alone and ${kind}`);
  }
  for (const { index, upstream, end, turn } of state.plan.tasks) {
    const task = all[index]!;
    const place = state.queuePlace[index]!;
    must((nextIndex(state.ready, place) === place) === (task.kind === 'ready'), 'queue');
    if (task.kind !== 'waiting') continue;
    if (end !== undefined) {
      must(task.unmet === 1 && !isDue(state, end), { index, task });
      continue;
    }
    const gates = state.options.runChecks ? state.plan.checks.filter((check) => check.gates.includes(index)) : [];
    const closed = gates.filter((gate) => verdictOf(state.checks[gate.index]!) !== 'open').length;
    const isHeld = turn?.after !== undefined && !isOutcome(all[turn.after]!);
    const undone = upstream.filter((other) => !isDone(all[other]!)).length;
    must(task.unmet === undone + closed + Number(isHeld), { index, task });
    must(task.unmet > 0, { index, task });
  }
}

/** Whether nothing keeps a task at the end waiting, neither a task nor any check. */
function isDue({ plan, phase, checks, open, openEnds, tasks }: RunState, { after }: PlannedEnd): boolean {
  if (phase.kind !== 'running' && phase.kind !== 'draining') return false;
  const isOver = (index: number) => isOutcome(entryAt(tasks, index).state);
  const isAsked = checks.some(
    ({ kind }, index) =>
      kind === 'running' || kind === 'backing-off' || (kind === 'waiting' && plan.checks[index]!.atEnd),
  );
  return open === openEnds && after.every(isOver) && !isAsked;
}

/** No ready task idles while there is room for it. */
export function checkNoSlotIsIdle(state: RunState): void {
  const { plan, options, poolUse, connectionUse, phase } = state;
  if (phase.kind !== 'running' || state.paused || state.running >= state.maxParallel) return;
  const gateIsAsked = plan.checks.some(
    (check) => check.gates.length > 0 && ['running', 'backing-off'].includes(state.checks[check.index]!.kind),
  );
  const isBusy = state.backingOff + state.asking + state.awaiting > 0 || gateIsAsked;
  if (options.sequential && isBusy) return;
  // Whatever the machine is like, something runs.
  const isFull = state.capacity !== undefined || state.readyAlone + state.runningAlone > 0 || isSteppedDown(state);
  if (isFull && state.running > 0) return;
  const all = statesOf(state);
  const budget = state.capacity?.connections ?? options.connectionBudget ?? Number.POSITIVE_INFINITY;
  const left = budget - connectionUse;
  const asking = state.checks.filter(({ kind }) => kind === 'running').length;
  const held = Math.min(asking, 4, Math.max(1, left));
  let someoneLacksConnections = false;
  for (const index of state.queueOrder) {
    const { spec } = plan.tasks[index]!;
    if (all[index]!.kind !== 'ready') continue;
    // It waits for the one that is to run alone, which may wait for the sessions of checks.
    if (state.readyAlone > 0 && entryAt(state.tasks, index).alone !== true) continue;
    if (spec.pools.some((pool) => (poolUse.get(pool) ?? 0) >= plan.pipeline.pools.get(pool)!)) continue;
    if (suitableHosts(state, index)?.length === 0) continue;
    const lacks = spec.connections > left - held && connectionUse + held > 0;
    const mayWait = spec.connections > 0 && (lacks || someoneLacksConnections);
    must(mayWait || !hasHost(state, index), { idles: spec.id });
    someoneLacksConnections ||= lacks;
  }
}

/** Undefined in a run of this machine only. */
function suitableHosts({ hosts, plan }: RunState, index: number): readonly HostState[] | undefined {
  const { labels = [] } = plan.tasks[index]!.spec;
  return hosts?.filter((host) => host.accepting && labels.every((label) => host.labels.includes(label)));
}

/** Whether it is clear that a host has a slot for the task, and room where that is known. */
function hasHost(state: RunState, index: number): boolean {
  const suitable = suitableHosts(state, index);
  if (suitable === undefined) return true;
  const runningOn = (id: string) =>
    state.plan.tasks.filter((task) => {
      const one = entryAt(state.tasks, task.index).state;
      return one.kind === 'running' && one.host === id;
    }).length;
  const open = suitable.filter(({ id, slots }) => runningOn(id) < slots);
  if (open.length === 0) return false;
  return open.some(({ room }) => room === undefined) || suitable.every(({ id }) => runningOn(id) === 0);
}

function isSteppedDown({ overload, running }: RunState): boolean {
  return running >= (overload.maxParallel ?? Number.POSITIVE_INFINITY);
}
