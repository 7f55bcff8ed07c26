import type { EpochMs, RunId, TaskId } from '../../src/engine/model/ids.ts';
import type { Plan, RunOptions } from '../../src/engine/model/pipeline/plan.ts';
import type { CheckVerdict } from '../../src/engine/model/run/check-result.ts';
import type { SeenHost } from '../../src/engine/model/run/host-state.ts';
import type { Effect, Input, TimerKey } from '../../src/engine/model/run/messages.ts';
import type { RunEvent } from '../../src/engine/model/run/run-event.ts';
import type { RunState } from '../../src/engine/model/run/run-state.ts';
import type { Answer, Exit, MissingOutput, TaskReport, TaskState } from '../../src/engine/model/run/task-state.ts';
import { entryAt } from '../../src/engine/model/run/task-table.ts';
import { explainWait } from '../../src/engine/scheduler/admission/explain-wait.ts';
import { decide } from '../../src/engine/scheduler/decide.ts';
import { planResume } from '../../src/engine/scheduler/resume/plan-resume.ts';
import { initialState } from '../../src/engine/scheduler/state/initial-state.ts';
import { replay } from '../../src/engine/scheduler/state/replay.ts';
import { type PipelineSketch, sketchPlan } from './pipeline-builder.ts';

export const noon = Date.UTC(2026, 0, 5, 12) as EpochMs;

export function runOptions(options: Partial<RunOptions> = {}): RunOptions {
  const run = '20260105_120000_test' as RunId;
  return { run, seed: 1, maxParallel: 8, sequential: false, runChecks: true, ...options };
}

/** A run without a world: the test says what happens, one input after the other. */
export type FakeRun = ReturnType<typeof fakeRun>;

/** Plans and starts a run of a sketch. */
export function fakeRun(sketch: PipelineSketch | Plan, options: Partial<RunOptions> = {}) {
  const plan = 'indexOf' in sketch ? sketch : sketchPlan(sketch);
  return drive({ initial: initialState(plan, runOptions(options)), plan, beginning: { type: 'start' }, at: noon });
}

type ResumedWith = Partial<Omit<RunOptions, 'run' | 'seed'>> & {
  /** As it is now; without it, as it was. */
  readonly pipeline?: PipelineSketch | Plan;
  /** The outputs that are gone, by task. */
  readonly missing?: Readonly<Record<string, string>>;
  /** Whether attempts outlive the process that started them. */
  readonly runsElsewhere?: true;
};

/** Resumes a run a minute after its process died. */
export function resumedRun(before: FakeRun, { pipeline, missing = {}, runsElsewhere, ...options }: ResumedWith = {}) {
  const state = before.state();
  const plan = pipeline === undefined ? state.plan : 'indexOf' in pipeline ? pipeline : sketchPlan(pipeline);
  const plans = state.plans.includes(plan) ? state.plans : [...state.plans, plan];
  const initial = replay(plans[0]!, before.startedWith, before.journal(), undefined, plans);
  const fact = planResume(initial, {
    number: plans.indexOf(plan) + 1,
    plan,
    options: { ...state.options, maxParallel: state.maxParallel, ...options },
    stoppedAt: before.now(),
    ...(runsElsewhere === undefined ? {} : { runsElsewhere }),
    changedFiles: new Map(Object.entries(missing).map(([task, path]) => [task as TaskId, { kind: 'output', path }])),
  });
  const { startedWith } = before;
  const at = (before.now() + 60_000) as EpochMs;
  const history = before.journal();
  return { ...drive({ initial, plan, beginning: { type: 'continue', fact }, at, history, startedWith }), fact };
}

function drive({
  initial,
  plan,
  beginning,
  at,
  history = [],
  startedWith = initial.options,
}: {
  readonly initial: RunState;
  readonly plan: Plan;
  readonly beginning: Input;
  readonly at: EpochMs;
  readonly history?: readonly RunEvent[];
  readonly startedWith?: RunOptions;
}) {
  const events: RunEvent[] = [];
  const effects: Effect[] = [];
  let state = initial;
  let now: EpochMs = at;

  const indexOf = (task: string): number => plan.indexOf.get(task as TaskId)!;
  const stateOf = (task: string): TaskState => entryAt(state.tasks, indexOf(task)).state;
  const take = (input: Input): string | undefined => {
    const decision = decide(state, input, now);
    state = decision.state;
    events.push(...decision.events);
    effects.push(...decision.effects);
    return decision.refusal;
  };
  const attemptOf = (task: string): number => {
    const it = stateOf(task);
    if (it.kind !== 'running') throw new Error(`${task} is ${it.kind}, not running`);
    return it.attempt;
  };
  const tasksThat = (kind: TaskState['kind']): readonly string[] =>
    plan.tasks.map(({ spec }) => spec.id).filter((id) => stateOf(id).kind === kind);

  take(beginning);
  return {
    plan,
    startedWith,
    events,
    effects,
    take,
    stateOf,
    tasksThat,
    state: (): RunState => state,
    now: (): EpochMs => now,
    running: () => tasksThat('running'),
    /** Everything, as `a: running, b: waiting`. */
    summary: () => plan.tasks.map(({ spec }) => `${spec.id}: ${stateOf(spec.id).kind}`).join(', '),
    status: () => (state.phase.kind === 'finished' ? state.phase.status : undefined),
    why: (task: string) => explainWait(state, indexOf(task), now),
    /** The state that the events alone give. */
    replayed: (): RunState => replay(initial.plans[0]!, startedWith, [...history, ...events], undefined, initial.plans),
    /** The events of all processes that carried it out. */
    journal: (): readonly RunEvent[] => [...history, ...events],
    pass: (ms: number) => {
      now = (now + ms) as EpochMs;
    },
    exit: (
      task: string,
      exit: number | Exit = 0,
      more: { endedAt?: EpochMs; lastOutput?: string; missingOutput?: MissingOutput; outOfMemory?: true } = {},
    ) => {
      const how: Exit = typeof exit === 'number' ? { kind: 'exited', code: exit } : exit;
      take({ type: 'exited', task: task as TaskId, attempt: attemptOf(task), exit: how, lastOutput: '', ...more });
    },
    /** The answer to the question of a task. */
    answerNeed: (task: string, answer: Answer | AnswerKind) => {
      const it = stateOf(task);
      if (it.kind !== 'asking') throw new Error(`${task} is ${it.kind}, not asking`);
      const given = typeof answer === 'string' ? answerOf(answer) : answer;
      take({ type: 'answered', task: task as TaskId, attempt: it.attempt, answer: given });
    },
    /** What the task waits for has happened. */
    arrive: (task: string) => {
      take({ type: 'arrived', task: task as TaskId });
    },
    report: (task: string, report: TaskReport) => {
      take({ type: 'reported', task: task as TaskId, attempt: attemptOf(task), report });
    },
    /** Fires the timer that was set last for the task or check, at its time. */
    fire: (kind: TimerKey['kind'], name: string) => {
      const set = effects.findLast(
        (effect) => effect.type === 'set-timer' && effect.timer.kind === kind && aboutWhat(effect.timer) === name,
      );
      if (set?.type !== 'set-timer') throw new Error(`no ${kind} timer for ${name}`);
      now = Math.max(now, set.at) as EpochMs;
      take({ type: 'timer-fired', timer: set.timer });
    },
    answer: (check: string, verdict: CheckVerdict = 'pass') => {
      take({ type: 'checked', result: { check, verdict, summary: verdict, measured: {}, durationMs: 1 } });
    },
    /** The check could not be asked, for a reason that may pass. */
    answerNothing: (check: string) => {
      const result = { check, verdict: 'error', summary: 'no answer', measured: {}, durationMs: 1 } as const;
      take({ type: 'checked', result, isTransient: true });
    },
    checkOf: (check: string) => state.checks[plan.checks.findIndex(({ spec }) => spec.name === check)]!,
    asked: () => effects.flatMap((effect) => (effect.type === 'run-check' ? [effect.check] : [])),
    retry: (task: string, downstream = false) => take({ type: 'retry-task', task: task as TaskId, downstream }),
    skip: (task: string) => take({ type: 'skip-task', task: task as TaskId }),
    cancelTask: (task: string) => take({ type: 'cancel-task', task: task as TaskId }),
    recheck: (check: string) => take({ type: 'recheck', check }),
    cancel: () => take({ type: 'cancel' }),
    /** These hosts are there now, and no others. */
    hosts: (...hosts: readonly SeenHost[]) => take({ type: 'hosts', hosts }),
    /** Where a running task runs. */
    hostOf: (task: string) => {
      const it = stateOf(task);
      return it.kind === 'running' ? it.host : undefined;
    },
    pause: () => take({ type: 'pause' }),
    resume: () => take({ type: 'resume' }),
    limit: (maxParallel: number) => take({ type: 'limit', maxParallel }),
  };
}

/** Those that need nothing else to be known. */
export type AnswerKind = Exclude<Answer['kind'], 'values'>;

/** An answer of that kind. */
export function answerOf(kind: AnswerKind): Answer {
  switch (kind) {
    case 'none':
      return { kind, failure: { kind: 'exit-code', code: 2 }, lastOutput: '' };
    case 'reused':
      return { kind, run: '20260104_120000_load' as RunId, at: (noon - 86_400_000) as EpochMs };
    case 'needed':
    case 'not-needed':
      return { kind };
  }
}

function aboutWhat(timer: TimerKey): string {
  if (timer.kind === 'run-limit') return 'the run';
  return timer.kind === 'check-retry' ? timer.check : timer.task;
}
