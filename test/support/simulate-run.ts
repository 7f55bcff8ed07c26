import type { EpochMs, TaskId } from '../../src/engine/model/ids.ts';
import type { Plan, RunOptions } from '../../src/engine/model/pipeline/plan.ts';
import type { CheckVerdict } from '../../src/engine/model/run/check-result.ts';
import type { Effect, Input, Intent, Observation } from '../../src/engine/model/run/messages.ts';
import type { ResourceSample } from '../../src/engine/model/run/resource-sample.ts';
import type { RunEvent } from '../../src/engine/model/run/run-event.ts';
import type { RunState } from '../../src/engine/model/run/run-state.ts';
import type { Exit, MissingOutput } from '../../src/engine/model/run/task-state.ts';
import { type Decision, decide } from '../../src/engine/scheduler/decide.ts';
import { initialState } from '../../src/engine/scheduler/state/initial-state.ts';
import { createEventQueue } from './event-queue.ts';
import { type AnswerKind, answerOf, noon } from './fake-run.ts';

/** How one attempt goes when nobody stops it. */
export type AttemptScript = {
  readonly durationMs: number;
  readonly exit: Exit | 'hangs';
  /** What it makes of the polite signal: ends after this time, with this exit; later than the grace it is killed. */
  readonly onStop: { readonly afterMs: number; readonly exit: Exit };
  readonly missingOutput?: MissingOutput;
  readonly lastOutput: string;
  readonly retryAfterSeconds?: number;
  /** Whether it reports that there is nothing to do. */
  readonly nothingNew?: true;
};

/** What comes of the questions of a task, and of its wait for something outside the run. */
export type ConditionScript = {
  /** In turn; the last one is repeated. */
  readonly answers: readonly { readonly durationMs: number; readonly answer: AnswerKind }[];
  /** How long after the beginning of a wait it happens; absent = never. */
  readonly arrivesAfterMs?: number;
};

export type Scenario = {
  readonly plan: Plan;
  readonly options: RunOptions;
  /** What the attempts of a task do, in turn; the last one is repeated. */
  readonly scripts: ReadonlyMap<TaskId, readonly [AttemptScript, ...AttemptScript[]]>;
  readonly checks: ReadonlyMap<string, { readonly durationMs: number; readonly verdicts: readonly CheckVerdict[] }>;
  /** Of tasks that are asked or wait for something outside the run. */
  readonly conditions: ReadonlyMap<TaskId, ConditionScript>;
  readonly intents: readonly { readonly afterMs: number; readonly intent: Intent }[];
  /** What the machine is seen to be like at some moments. */
  readonly samples: readonly { readonly afterMs: number; readonly sample: Omit<ResourceSample, 'at'> }[];
  /** By how much timers are late, in turn. */
  readonly lateness: readonly number[];
  /** Delays after which what was told is told once more, in turn. */
  readonly echoes: readonly number[];
};

/** One input of a run with what came of it. */
export type Turn = {
  readonly before: RunState;
  readonly input: Input;
  readonly at: EpochMs;
  readonly decision: Decision;
};

export type SimulatedRun = {
  readonly turns: readonly Turn[];
  readonly events: readonly RunEvent[];
  readonly final: RunState;
};

/**
 * Plays a run in a world without a clock: everything that will happen is in one queue, ordered by time; what happens at the
 * same time happens in the order in which it was foreseen. The scheduler alone: no journal, no crashes, no runtime.
 */
export function simulateRun(scenario: Scenario): SimulatedRun {
  const { plan, options, scripts, checks, conditions, intents, samples, lateness, echoes } = scenario;
  const queue = createEventQueue();
  const turns: Turn[] = [];
  const events: RunEvent[] = [];
  /** Attempts whose exit has not been told yet. */
  const alive = new Map<string, { readonly task: TaskId; readonly script: AttemptScript }>();
  const asked = new Map<string, number>();
  /** The condition of a task that nobody has stopped, as an object of its own. */
  const pending = new Map<TaskId, object>();
  let state = initialState(plan, options);
  let timers = 0;
  let told = 0;

  const turn = (input: Input, at: EpochMs) => {
    const decision = decide(state, input, at);
    turns.push({ before: state, input, at, decision });
    state = decision.state;
    events.push(...decision.events);
    for (const effect of decision.effects) perform(effect, at);
  };

  /** What the world tells is told once more later on, when the draw says so. */
  const tell = (observation: Observation, at: EpochMs) => {
    turn(observation, at);
    const echo = echoes[told++ % Math.max(1, echoes.length)] ?? 0;
    if (echo > 0 && !['checked', 'answered', 'arrived'].includes(observation.type))
      queue.push(at + echo, (later) => turn(observation, later));
  };

  const end = (task: TaskId, attempt: number, exit: Exit, script: AttemptScript, at: EpochMs) => {
    if (!alive.delete(`${task}#${attempt}`)) return;
    const missing = script.missingOutput === undefined ? {} : { missingOutput: script.missingOutput };
    tell({ type: 'exited', task, attempt, exit, lastOutput: script.lastOutput, ...missing }, at);
  };

  const tellUnlessStopped = (task: TaskId, at: number, observation: Observation) => {
    const mine = {};
    pending.set(task, mine);
    queue.push(at, (later) => {
      if (pending.get(task) === mine) tell(observation, later);
    });
  };

  const perform = (effect: Effect, at: EpochMs) => {
    switch (effect.type) {
      case 'start-task': {
        const { task, attempt } = effect;
        const all = scripts.get(task)!;
        const script = all[Math.min(attempt, all.length) - 1]!;
        alive.set(`${task}#${attempt}`, { task, script });
        queue.push(at, (later) => tell({ type: 'spawned', task, attempt, pid: 1000 + attempt }, later));
        const { exit, retryAfterSeconds, nothingNew, durationMs } = script;
        if ((retryAfterSeconds ?? nothingNew) !== undefined) {
          const report = { ...(retryAfterSeconds && { retryAfterSeconds }), ...(nothingNew && { nothingNew }) };
          queue.push(at, (later) => tell({ type: 'reported', task, attempt, report }, later));
        }
        if (exit !== 'hangs') queue.push(at + durationMs, (later) => end(task, attempt, exit, script, later));
        return;
      }
      case 'terminate-task': {
        const { task, attempt, graceMs } = effect;
        const { onStop, ...script } = alive.get(`${task}#${attempt}`)!.script;
        const deaf = onStop.afterMs > graceMs;
        const exit: Exit = deaf ? { kind: 'signalled', signal: 'SIGKILL' } : onStop.exit;
        const after = deaf ? graceMs : onStop.afterMs;
        queue.push(at + after, (later) => end(task, attempt, exit, { ...script, onStop }, later));
        return;
      }
      case 'ask-condition': {
        const { task, attempt } = effect;
        const { answers } = conditions.get(task)!;
        const ask = asked.get(task) ?? 0;
        asked.set(task, ask + 1);
        const { durationMs, answer } = answers[Math.min(ask, answers.length - 1)]!;
        tellUnlessStopped(task, at + durationMs, { type: 'answered', task, attempt, answer: answerOf(answer) });
        return;
      }
      case 'await-condition': {
        const { task } = effect;
        const { arrivesAfterMs } = conditions.get(task)!;
        if (arrivesAfterMs !== undefined) tellUnlessStopped(task, at + arrivesAfterMs, { type: 'arrived', task });
        return;
      }
      case 'stop-condition':
        pending.delete(effect.task);
        return;
      case 'set-timer': {
        const late = lateness[timers++ % Math.max(1, lateness.length)] ?? 0;
        queue.push(effect.at + late, (later) => tell({ type: 'timer-fired', timer: effect.timer }, later));
        return;
      }
      case 'run-check': {
        const { check } = effect;
        const { durationMs, verdicts } = checks.get(check)!;
        const ask = asked.get(check) ?? 0;
        asked.set(check, ask + 1);
        const verdict = verdicts[Math.min(ask, verdicts.length - 1)]!;
        const result = { check, verdict, summary: verdict, measured: {}, durationMs };
        const transient = verdict === 'error' ? { isTransient: true as const } : {};
        queue.push(at + durationMs, (later) => tell({ type: 'checked', result, ...transient }, later));
        return;
      }
    }
  };

  turn({ type: 'start' }, noon);
  for (const { afterMs, intent } of intents) queue.push(noon + afterMs, (at) => turn(intent, at));
  for (const { afterMs, sample } of samples) {
    queue.push(noon + afterMs, (at) => turn({ type: 'sampled', sample: { at, ...sample } }, at));
  }
  for (let now = noon; ; ) {
    now = queue.runNext() ?? now;
    if (!queue.isEmpty()) continue;
    // Nobody leaves a run paused for ever.
    if (!state.paused || state.phase.kind === 'finished') break;
    turn({ type: 'resume' }, now);
  }
  return { turns, events, final: state };
}
