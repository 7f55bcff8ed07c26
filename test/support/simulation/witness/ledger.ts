import type { TaskId } from '../../../../src/engine/model/ids.ts';
import type { Plan, PlannedTask } from '../../../../src/engine/model/pipeline/plan.ts';
import type { CheckVerdict } from '../../../../src/engine/model/run/check-result.ts';
import type { Answer, StoppingReason } from '../../../../src/engine/model/run/task-state.ts';
import type { Incarnation } from '../incarnation.ts';
import type { Process } from '../processes.ts';

/** What is true of one task: what its processes did, and what is on the disk of it. The scheduler's own view is not used. */
export type TaskTruth = {
  /** The last attempt whose start is on the disk. */
  started: number;
  /** The attempt whose start is on the disk and whose end is not. */
  open?: number;
  stopping?: StoppingReason;
  /** Whether what depends on it may run. */
  done?: 'succeeded' | 'reused' | 'skipped' | 'tolerated' | 'not-needed';
  /** Whether its wait for something outside the run is on the disk, and its question with the number of the attempt. */
  isAwaiting: boolean;
  asking?: number;
  /** The same, of the last wait and question: they may be over when what follows from them is done. */
  hasAwaited: boolean;
  lastAsked?: number;
  /** The last answer to its question, in truth. */
  answer?: Answer['kind'];
  /** Whether it has an end with which nothing that depends on it runs. */
  isBlocked: boolean;
  /** Whether that end is that it failed. */
  isFailed: boolean;
  /** Whether that end is that it was not run, because of something that blocks it. */
  isNotRun: boolean;
  /** Whether that end is that neither it nor what depends on it is needed; and whether that is because of others. */
  isStopped: boolean;
  isStoppedByOthers: boolean;
  /** The task that has found nothing to do, when it is stopped by others. */
  stoppedBecause?: TaskId;
  /** Whether a person has had it run again. */
  isReset: boolean;
  /** When it last loaded something, and when it was last done, as a number that grows with each; 0 for never. */
  loadedAs: number;
  doneAs: number;
  /** Failures that count against its retries. */
  charged: number;
  /** How often it was lost with its host since it began or was reset. */
  losses: number;
  /** Whether its next attempt runs alone. */
  alone: boolean;
  fallback: boolean;
  /** When its next attempt may start, by the wall clock of the process that decided it and in truth. */
  notBefore?: { readonly wall: number; readonly truly: number };
  /** The success that was told to somebody. */
  told?: number;
  /** Whether a person has asked for it to run again, at once, or to be skipped or cancelled. */
  mayRerun: boolean;
  mayHurry: boolean;
  maySkip: boolean;
  mayCancel: boolean;
};

/** The limits at the moment of a start, in the order of the journal. */
export type StartLimits = { readonly slots: number; readonly connections: number; readonly alone: boolean };

export type Ledger = {
  plan: Plan;
  /** All plans of the run, in the order in which they are stored with it. */
  readonly plans: Plan[];
  readonly tasks: ReadonlyMap<TaskId, TaskTruth>;
  /** By `task#attempt`. */
  readonly processes: Map<string, Process>;
  readonly starts: Map<string, StartLimits>;
  /** Attempts that were told to be lost with their host, by `task#attempt`. */
  readonly losses: Set<string>;
  /** The attempts, as `task#attempt`, that an orchestrator which had lost the journal ended before they had begun. */
  readonly stoppedEarly: Set<string>;
  readonly verdicts: Map<string, CheckVerdict>;
  /** Checks that are being asked, and whether a task that they look at was reset meanwhile. */
  readonly asked: Map<string, { isOutdated: boolean; isBackingOff: boolean }>;
  readonly runsChecks: boolean;
  /** Setups whose teardown has begun since they began last. */
  readonly tornDown: Set<TaskId>;
  phase: 'planned' | 'running' | 'draining' | 'finished';
  isPaused: boolean;
  /** Whether a person has cancelled the run. */
  mayCancel: boolean;
  /** Since when it is being ended as a whole, in truth; and since when with what runs at its end. */
  cancelledAt: number;
  endsGivenUpAt: number;
  /** Since when it goes on, by the wall clock of the process that carries it out. */
  activeSince: number;
  /** Whether it has reached its limit. */
  isAtLimit: boolean;
  /** How often a task was done. */
  done: number;
  slots: number;
  steppedTo: number;
  /** How many tasks the machine allows. */
  machineSlots: number;
  /** What tasks may hold together, as the options of the run say, and as the machine allows now. */
  budget: number;
  connections: number;
  lastAt: number;
  /** The process that carries out the run. */
  incarnation: Incarnation | undefined;
  /** Those whose journal is lost. */
  readonly lost: Set<Incarnation>;
  /** The first rule that was broken. */
  broken: { readonly rule: string; readonly about: unknown } | undefined;
};

export function createLedger(plan: Plan, runsChecks: boolean): Ledger {
  return {
    plan,
    plans: [plan],
    tasks: new Map(plan.tasks.map(({ spec }) => [spec.id, createTruth()])),
    processes: new Map(),
    starts: new Map(),
    losses: new Set(),
    stoppedEarly: new Set(),
    verdicts: new Map(),
    asked: new Map(),
    runsChecks,
    tornDown: new Set(),
    phase: 'planned',
    isPaused: false,
    mayCancel: false,
    cancelledAt: Number.POSITIVE_INFINITY,
    activeSince: 0,
    isAtLimit: false,
    endsGivenUpAt: Number.POSITIVE_INFINITY,
    done: 0,
    slots: 0,
    steppedTo: Number.POSITIVE_INFINITY,
    machineSlots: Number.POSITIVE_INFINITY,
    budget: Number.POSITIVE_INFINITY,
    connections: Number.POSITIVE_INFINITY,
    lastAt: 0,
    incarnation: undefined,
    lost: new Set(),
    broken: undefined,
  };
}

function createTruth(): TaskTruth {
  return {
    started: 0,
    isBlocked: false,
    isFailed: false,
    isNotRun: false,
    isStopped: false,
    isStoppedByOthers: false,
    isAwaiting: false,
    hasAwaited: false,
    isReset: false,
    loadedAs: 0,
    doneAs: 0,
    charged: 0,
    losses: 0,
    alone: false,
    fallback: false,
    mayRerun: false,
    mayHurry: false,
    maySkip: false,
    mayCancel: false,
  };
}

/** Remembers the first breach of a rule; the driver stops at it. */
export function must(ledger: Ledger, holds: boolean, rule: string, about: unknown): void {
  if (!holds && ledger.broken === undefined) ledger.broken = { rule, about };
}

export function plannedOf({ plan }: Ledger, task: TaskId): PlannedTask {
  return plan.tasks[plan.indexOf.get(task)!]!;
}

/** Whether a task has an outcome. */
export function isOver({ tasks, plan }: Ledger, index: number): boolean {
  return hasEnded(tasks.get(plan.tasks[index]!.spec.id)!);
}

export function hasEnded({ done, isBlocked, isStopped }: TaskTruth): boolean {
  return done !== undefined || isBlocked || isStopped;
}

/** A task starts over: its failures before no longer count. */
export function startOver(truth: TaskTruth): void {
  delete truth.done;
  delete truth.notBefore;
  delete truth.told;
  delete truth.asking;
  delete truth.answer;
  Object.assign(truth, {
    isBlocked: false,
    isFailed: false,
    isNotRun: false,
    charged: 0,
    losses: 0,
    alone: false,
    fallback: false,
  });
  Object.assign(truth, { isStopped: false, isStoppedByOthers: false, isAwaiting: false });
  delete truth.stoppedBecause;
}

/** Everything downstream of a task, and itself. */
export function withDownstream({ tasks }: Plan, index: number): ReadonlySet<number> {
  const reached = new Set([index]);
  for (const one of reached) for (const other of tasks[one]!.downstream) reached.add(other);
  return reached;
}

/** Whether the task is an instance whose matrix allows no more failures than there are. */
export function isMatrixGivenUp({ plan, tasks }: Ledger, task: TaskId): boolean {
  const of = plan.tasks[plan.indexOf.get(task)!]!.spec.instance?.of;
  const limit = plan.pipeline.families?.find(({ id }) => id === of)?.maxFailures;
  if (of === undefined || limit === undefined) return false;
  const instances = plan.families.get(of)!;
  const failed = instances.filter((index) => tasks.get(plan.tasks[index]!.spec.id)!.isFailed).length;
  return failed > ('count' in limit ? limit.count : limit.share * instances.length);
}

/** Whether the instance before it in a sequential matrix has ended; true without one. */
export function isTurn({ plan, tasks }: Ledger, { turn }: PlannedTask): boolean {
  if (turn?.after === undefined) return true;
  const { done, isBlocked, isStopped } = tasks.get(plan.tasks[turn.after]!.spec.id)!;
  return done !== undefined || isBlocked || isStopped;
}

/**
 * Whether an upstream task keeps the task waiting no longer: it is done, or it is an instance that was not needed and is
 * joined with others that may be.
 */
export function isPassed({ plan, tasks }: Ledger, { upstream }: PlannedTask, other: number): boolean {
  const truthOf = (index: number) => tasks.get(plan.tasks[index]!.spec.id)!;
  if (truthOf(other).done !== undefined) return true;
  const family = plan.tasks[other]!.spec.instance?.of;
  const isSibling = (index: number) =>
    plan.tasks[index]!.spec.instance?.of === family && truthOf(index).isStopped !== true;
  return truthOf(other).isStopped === true && family !== undefined && upstream.some(isSibling);
}
