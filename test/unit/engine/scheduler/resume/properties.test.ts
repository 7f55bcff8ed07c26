import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EpochMs, TaskId } from '../../../../../src/engine/model/ids.ts';
import type { Plan } from '../../../../../src/engine/model/pipeline/plan.ts';
import type { Effect, Input } from '../../../../../src/engine/model/run/messages.ts';
import type { RunEvent } from '../../../../../src/engine/model/run/run-event.ts';
import type { RunState } from '../../../../../src/engine/model/run/run-state.ts';
import { isOutcome } from '../../../../../src/engine/model/run/task-state.ts';
import { entryAt } from '../../../../../src/engine/model/run/task-table.ts';
import { decide } from '../../../../../src/engine/scheduler/decide.ts';
import { planResume } from '../../../../../src/engine/scheduler/resume/plan-resume.ts';
import { replay } from '../../../../../src/engine/scheduler/state/replay.ts';
import { arbitraryScenario } from '../../../../support/arbitrary-scenario.ts';
import { type Scenario, simulateRun, type Turn } from '../../../../support/simulate-run.ts';
import { isDone, isStopped, must, statesOf } from '../rules/rule.ts';
import { turnRules } from '../rules/turn-rules.ts';

const anyWeather = { intents: true, critical: true, sequential: true, late: true, matrix: true };

/** Where the journal ends that the dead process has left, as a share of it, and which task has another command by then. */
const arbitraryCrash = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  changes: fc.option(fc.nat(8), { nil: undefined }),
  again: fc.double({ min: 0, max: 1, noNaN: true }),
});

test('a run that is cut off at any event and resumed in calm weather ends, and repeats nothing that had succeeded', () => {
  fc.assert(
    fc.property(arbitraryScenario(anyWeather), arbitraryCrash, (scenario, { at, changes, again }) => {
      const all = simulateRun(scenario).events;
      const cut = all.slice(0, Math.max(1, Math.round(at * all.length)));
      const next = changes === undefined ? scenario.plan : withOtherCommand(scenario.plan, changes);
      const first = resume(scenario, [scenario.plan], cut, next);
      checkResumed(first);
      // The process that resumes it dies as well.
      const journal = [...cut, ...first.events.slice(0, Math.max(1, Math.round(again * first.events.length)))];
      checkResumed(resume(scenario, first.plans, journal, next));
    }),
    { numRuns: 120 },
  );
});

test('where attempts outlive the process, each that is still wanted as it is goes on, and none is started twice', () => {
  fc.assert(
    fc.property(arbitraryScenario(anyWeather), arbitraryCrash, (scenario, { at, changes, again }) => {
      const all = simulateRun(scenario).events;
      const cut = all.slice(0, Math.max(1, Math.round(at * all.length)));
      const next = changes === undefined ? scenario.plan : withOtherCommand(scenario.plan, changes);
      const first = resume(scenario, [scenario.plan], cut, next, true);
      checkResumed(first);
      checkAdopted(first);
      const journal = [...cut, ...first.events.slice(0, Math.max(1, Math.round(again * first.events.length)))];
      const second = resume(scenario, first.plans, journal, next, true);
      checkResumed(second);
      checkAdopted(second);
    }),
    { numRuns: 120 },
  );
});

test('the same journal gives the same decisions and events, byte for byte', () => {
  fc.assert(
    fc.property(arbitraryScenario(anyWeather), fc.nat(100), (scenario, percent) => {
      const all = simulateRun(scenario).events;
      const cut = all.slice(0, Math.max(1, Math.round((percent / 100) * all.length)));
      const play = () => JSON.stringify(resume(scenario, [scenario.plan], cut, scenario.plan).events);
      expect(play()).toBe(play());
    }),
    { numRuns: 30 },
  );
});

type Resumed = {
  readonly plans: readonly Plan[];
  readonly before: RunState;
  readonly turns: readonly Turn[];
  readonly events: readonly RunEvent[];
  readonly final: RunState;
  readonly replayed: RunState;
};

/** Carries on with a run in a world in which all attempts succeed, all checks pass, and everything is needed and there. */
function resume(
  { options }: Scenario,
  known: readonly Plan[],
  journal: readonly RunEvent[],
  next: Plan,
  runsElsewhere = false,
): Resumed {
  const plans = known.includes(next) ? known : [...known, next];
  const before = replay(plans[0]!, options, journal, undefined, plans);
  const stoppedAt = journal.at(-1)!.at;
  const number = plans.indexOf(next) + 1;
  const terms = { ...before.options, maxParallel: before.maxParallel };
  const fact = planResume(before, { number, plan: next, options: terms, stoppedAt, runsElsewhere });
  const turns: Turn[] = [];
  const events: RunEvent[] = [];
  const due: Effect[] = [];
  let state = before;
  let now = (stoppedAt + 1000) as EpochMs;
  const take = (input: Input) => {
    const decision = decide(state, input, now);
    turns.push({ before: state, input, at: now, decision });
    state = decision.state;
    events.push(...decision.events);
    due.push(...decision.effects);
  };
  take({ type: 'continue', fact });
  for (let steps = 0; state.phase.kind !== 'finished'; steps += 1) {
    must(steps < 1000, 'it does not end');
    now = (now + 1) as EpochMs;
    const effect = due.shift();
    if (effect === undefined) {
      must(state.paused, statesOf(state));
      take({ type: 'resume' });
    } else if (effect.type === 'start-task') {
      const { task, attempt } = effect;
      take({ type: 'exited', task, attempt, exit: { kind: 'exited', code: 0 }, lastOutput: '' });
    } else if (effect.type === 'ask-condition') {
      const { task, attempt } = effect;
      take({ type: 'answered', task, attempt, answer: { kind: 'needed' } });
    } else if (effect.type === 'await-condition') {
      take({ type: 'arrived', task: effect.task });
    } else if (effect.type === 'run-check') {
      const result = { check: effect.check, verdict: 'pass' as const, summary: '', measured: {}, durationMs: 1 };
      take({ type: 'checked', result });
    } else if (effect.type === 'set-timer' && effect.timer.kind === 'retry') {
      now = Math.max(now, effect.at) as EpochMs;
      take({ type: 'timer-fired', timer: effect.timer });
    }
  }
  const replayed = replay(plans[0]!, options, [...journal, ...events], undefined, plans);
  return { plans, before, turns, events, final: state, replayed };
}

function checkResumed({ before, turns, events, final, replayed }: Resumed): void {
  must(isDeepStrictEqual(replayed, final), 'the journal does not give the state');
  for (const rule of [
    'what is counted is what is there, and whoever has nothing to wait for does not wait',
    'no ready task idles while there is room for it',
  ]) {
    turnRules[rule]!({ turns, events, final }, undefined as unknown as Scenario);
  }
  must(final.phase.kind === 'finished' && final.phase.status === 'success', final.phase);
  must(statesOf(final).every(isOutcome), statesOf(final));
  const [continued] = events.filter(({ type }) => type === 'run.continued');
  if (continued?.type !== 'run.continued') throw new Error('it was not continued');
  const { plan } = final;
  for (const { index, spec } of plan.tasks) {
    const old = before.plan.indexOf.get(spec.id);
    if (old === undefined) continue;
    const entry = entryAt(before.tasks, old);
    const attempts = events.flatMap((event) =>
      event.type === 'task.started' && event.task === spec.id ? [event.attempt] : [],
    );
    must(
      isDeepStrictEqual(
        attempts,
        attempts.map((_, place) => entry.attempts + 1 + place),
      ),
      { task: spec.id, attempts },
    );
    const wasDone = isDone(entry.state) || isStopped(entry.state);
    const { kind: decided = '' } = continued.decisions[spec.id] ?? {};
    const isAgain = ['command', 'upstream', 'torn-down', 'end'].includes(decided);
    must(!wasDone || isAgain || attempts.length === 0, { task: spec.id, attempts });
    if (decided === 'adopted') {
      must(attempts.length === 0, { task: spec.id, attempts });
      continue;
    }
    // What a task upstream had found out before may be written down only now.
    must(wasDone || isAgain || attempts.length === 1 || isLeftOut(final, index), { task: spec.id, attempts });
  }
  for (const { decision } of turns) {
    for (const effect of decision.effects) {
      if (effect.type !== 'start-task') continue;
      const { upstream } = plan.tasks[plan.indexOf.get(effect.task)!]!;
      // Who joins several instances runs as long as one of them was needed.
      const isPassed = (other: number) => {
        const state = statesOf(decision.state)[other]!;
        return isDone(state) || (isStopped(state) && plan.tasks[other]!.spec.instance !== undefined);
      };
      must(upstream.every(isPassed), effect);
    }
  }
}

/** What goes on ran before, is waited for under its old number, and has its limit of time counted from its start. */
function checkAdopted({ before, turns, events }: Resumed): void {
  const [continued] = events;
  if (continued?.type !== 'run.continued') throw new Error('it was not continued');
  const { plan } = before;
  for (const [task, decision] of Object.entries(continued.decisions)) {
    must(decision.kind !== 'interrupted' || isBeingStopped(before, task), { task, decision });
    if (decision.kind !== 'adopted') continue;
    const { state } = entryAt(before.tasks, plan.indexOf.get(task as TaskId)!);
    must(state.kind === 'running' && state.stopping === undefined && state.attempt === decision.attempt, state);
    const { effects } = turns[0]!.decision;
    const starts = effects.filter((effect) => effect.type === 'start-task' && effect.task === task);
    must(starts.length === 1 && 'attempt' in starts[0]! && starts[0].attempt === decision.attempt, starts);
  }
}

function isBeingStopped(state: RunState, task: string): boolean {
  const entry = entryAt(state.tasks, state.plan.indexOf.get(task as TaskId)!).state;
  return entry.kind === 'running' && entry.stopping !== undefined;
}

function isLeftOut(state: RunState, index: number): boolean {
  const { kind } = statesOf(state)[index]!;
  return kind === 'skipped' || kind === 'not-needed';
}

function withOtherCommand(plan: Plan, place: number): Plan {
  const changed = plan.tasks[place % plan.tasks.length]!.spec.id as TaskId;
  const tasks = plan.tasks.map((task) =>
    task.spec.id === changed
      ? { ...task, spec: { ...task.spec, command: { kind: 'shell', script: 'other' } as const } }
      : task,
  );
  return { ...plan, tasks };
}
