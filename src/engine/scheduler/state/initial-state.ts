import { ownValue } from '../../model/own-value.ts';
import type { Plan, PlannedCheck, PlannedTask, RunOptions } from '../../model/pipeline/plan.ts';
import { createIndexSet, indexSetOf } from '../../model/run/index-set.ts';
import type { DemandClasses, RunState } from '../../model/run/run-state.ts';
import { createTable } from '../../model/run/task-table.ts';
import { connectionNeed, negligibleCpu } from '../capacity/task-needs.ts';

/**
 * The state before the first event: every task waits for its upstream tasks and its gates.
 * @param plans all plans of the run, when it was or will be resumed
 */
export function initialState(plan: Plan, options: RunOptions, plans: readonly Plan[] = [plan]): RunState {
  const queueOrder = options.sequential ? plan.order : (options.queueOrder ?? plan.byRank);
  const queuePlace = new Int32Array(plan.tasks.length);
  queueOrder.forEach((index, place) => {
    queuePlace[index] = place;
  });
  // Checks that are turned off gate nothing.
  const checks = options.runChecks ? plan.checks : [];
  const gatesOn = checksByTask(plan, checks, ({ gates }) => gates);
  return {
    plan,
    plans,
    options,
    queuePlace,
    queueOrder,
    demandClasses: buildDemandClasses(plan, options, queueOrder),
    checksAfter: checksByTask(plan, checks, ({ after }) => after),
    gatesOn,
    phase: { kind: 'planned' },
    paused: false,
    maxParallel: options.sequential ? 1 : options.maxParallel,
    ...initialCapacity(plan, options),
    ...(options.elsewhere ? { hosts: [] } : {}),
    reserved: new Map(),
    overload: { failures: 0, successes: 0 },
    tasks: createTable(plan.tasks.length, (index) => ({
      state: { kind: 'waiting', unmet: unmetAtStart(plan.tasks[index]!, gatesOn[index]!) },
      attempts: 0,
      failures: 0,
      infraFailures: 0,
    })),
    ready: createIndexSet(plan.tasks.length),
    running: 0,
    backingOff: 0,
    awaiting: 0,
    asking: 0,
    runningAlone: 0,
    readyAlone: 0,
    open: plan.tasks.length,
    openEnds: plan.ends.length,
    poolUse: new Map(),
    connectionUse: 0,
    askingChecks: 0,
    checks: plan.checks.map(() => ({ kind: 'waiting' })),
  };
}

function unmetAtStart({ upstream, end, turn }: PlannedTask, gates: readonly number[]): number {
  if (end !== undefined) return 1;
  return upstream.length + gates.length + (turn?.after === undefined ? 0 : 1);
}

function checksByTask(
  plan: Plan,
  checks: readonly PlannedCheck[],
  tasksOf: (check: PlannedCheck) => readonly number[],
): readonly (readonly number[])[] {
  const byTask = new Map<number, number[]>();
  for (const check of checks) {
    for (const index of tasksOf(check)) {
      const together = byTask.get(index);
      if (together === undefined) byTask.set(index, [check.index]);
      else together.push(check.index);
    }
  }
  const none: readonly number[] = [];
  return plan.tasks.map(({ index }) => byTask.get(index) ?? none);
}

/**
 * Before the first sample: tasks whose need of memory is known start only where that fits into what is free at the start,
 * and an automatic run takes a task of unknown needs for one that keeps a core busy.
 */
function initialCapacity(
  { pipeline }: Plan,
  { auto, machine, sequential, elsewhere }: RunOptions,
): Pick<RunState, 'capacity'> {
  if (machine === undefined || sequential || elsewhere) return {};
  const { cpu, memory } = pipeline.limits;
  const { cores, memoryBytes, usedBytes } = machine;
  return {
    capacity: {
      ...(auto === true ? { cpu: cpu * cores } : {}),
      ...(usedBytes === undefined ? {} : { memoryBytes: Math.max(0, memory * memoryBytes - usedBytes) }),
      unknown: { cpu: auto === true ? 1 : 0, memoryBytes: 0 },
    },
  };
}

/** Groups the tasks of a plan by what they need in order to start. */
function buildDemandClasses(plan: Plan, options: RunOptions, queueOrder: readonly number[]): DemandClasses {
  const ofPlace = new Int32Array(queueOrder.length);
  const placesByDemand = new Map<string, number[]>();
  queueOrder.forEach((index, place) => {
    const { id, pools, cpu, memoryBytes, labels } = plan.tasks[index]!.spec;
    const learned = ownValue(options.needs, id);
    const cores = cpu ?? learned?.cpu;
    const needsCpu = cores === undefined ? undefined : cores >= negligibleCpu;
    const connections = connectionNeed({ plan, options }, index);
    const asked = options.elsewhere ? [labels] : [];
    const demand = JSON.stringify([connections, needsCpu, memoryBytes ?? learned?.memoryBytes, ...asked, ...pools]);
    const places = placesByDemand.get(demand);
    if (places === undefined) placesByDemand.set(demand, [place]);
    else places.push(place);
  });
  const classes = [...placesByDemand.values()];
  classes.forEach((places, demandClass) => {
    for (const place of places) ofPlace[place] = demandClass;
  });
  return { ofPlace, members: classes.map((places) => indexSetOf(queueOrder.length, places)) };
}
