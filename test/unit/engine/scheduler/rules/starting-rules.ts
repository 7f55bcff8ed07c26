import type { PlannedTask } from '../../../../../src/engine/model/pipeline/plan.ts';
import { isReusable } from '../../../../../src/engine/model/pipeline/reusable.ts';
import type { DrainReason } from '../../../../../src/engine/model/run/run-event.ts';
import { hasFailed, isOutcome } from '../../../../../src/engine/model/run/task-state.ts';
import type { Turn } from '../../../../support/simulate-run.ts';
import { isAtEnd, isPassed, must, type Rule, stateOf, statesOf, verdictOf } from './rule.ts';

export const startingRules: Readonly<Record<string, Rule>> = {
  'slots, pools and connections are never used beyond their limits': ({ turns }, { plan, options }) => {
    const { connectionBudget = Number.POSITIVE_INFINITY } = options;
    for (const { task, alive, limit, turn } of startsOf(
      turns,
      plan.tasks,
      options.sequential ? 1 : options.maxParallel,
    )) {
      must(alive.length < limit, { slots: limit, task: task.spec.id });
      for (const pool of task.spec.pools) {
        const holders = alive.filter(({ spec }) => spec.pools.includes(pool));
        must(holders.length < plan.pipeline.pools.get(pool)!, { pool, task: task.spec.id });
      }
      const held = alive.reduce((sum, { spec }) => sum + spec.connections, 0);
      const { connections } = task.spec;
      const budget = turn.decision.state.capacity?.connections ?? connectionBudget;
      const asking = turn.decision.state.checks.filter(({ kind }) => kind === 'running').length;
      const used = held + Math.min(asking, 4, Math.max(1, budget - held));
      must(connections === 0 || used === 0 || used + connections <= budget, { held, asking, connections });
    }
  },

  'a task never runs twice at once, and its attempts are numbered without gaps': ({ turns }, { plan }) => {
    for (const { task, alive } of startsOf(turns, plan.tasks)) must(!alive.includes(task), task.spec.id);
    const last = new Map<string, number>();
    for (const event of turns.flatMap(({ decision }) => decision.events)) {
      if (event.type === 'task.started' || event.type === 'task.asking') {
        must(event.attempt === (last.get(event.task) ?? 0) + 1, event);
        if (event.type === 'task.started') last.set(event.task, event.attempt);
        // One that fails while it is asked for has its number as well.
      } else if (event.type === 'task.backing-off') last.set(event.task, event.attempt - 1);
      else if (event.type === 'task.finished' && 'attempt' in event.outcome)
        last.set(event.task, Math.max(last.get(event.task) ?? 0, event.outcome.attempt));
    }
  },

  'no task starts that was not found to be needed, and none before what it waits for has happened': (
    { turns },
    { plan },
  ) => {
    const answers = new Map<string, string>();
    for (const { before, input, decision } of turns) {
      if (input.type === 'answered' && stateOf(before, input.task).kind === 'asking')
        answers.set(input.task, input.answer.kind);
      for (const event of decision.events) {
        if (event.type === 'task.reset') answers.delete(event.task);
        if (event.type !== 'task.started' || event.fallback === true) continue;
        const { onlyIf } = plan.tasks[plan.indexOf.get(event.task)!]!.spec;
        must(onlyIf === undefined || answers.get(event.task) === 'needed', event);
      }
      for (const event of decision.events) {
        if (event.type !== 'task.asking' && event.type !== 'task.ready') continue;
        if (stateOf(before, event.task).kind === 'awaiting') {
          const isFallback = event.type === 'task.ready' && event.fallback === true;
          must(isFallback || (input.type === 'arrived' && input.task === event.task), event);
        }
      }
    }
  },

  'nothing that may be reused runs unasked, unless a person has it run again': ({ turns }, { plan }) => {
    const asked = new Set<string>();
    for (const event of turns.flatMap(({ decision }) => decision.events)) {
      if (event.type === 'task.asking' || event.type === 'task.reset') asked.add(event.task);
      if (event.type !== 'task.started' || event.fallback === true) continue;
      const { spec } = plan.tasks[plan.indexOf.get(event.task)!]!;
      must(!isReusable(spec, undefined) || asked.has(event.task), event);
    }
  },

  'no task starts before everything upstream of it is done and its gates are open': ({ turns }, { plan, options }) => {
    for (const { task, turn } of startsOf(turns, plan.tasks)) {
      const { state } = turn.decision;
      for (const other of task.upstream)
        must(isPassed(plan, statesOf(state), task.index, other), { task: task.spec.id, other });
      if (!options.runChecks) continue;
      for (const { gates, index } of plan.checks) {
        must(!gates.includes(task.index) || verdictOf(state.checks[index]!) === 'open', { task: task.spec.id, index });
      }
    }
  },

  'an instance of a sequential matrix starts when the one before has an outcome': ({ turns }, { plan }) => {
    for (const { task, attempt, turn } of startsOf(turns, plan.tasks)) {
      const after = task.turn?.after;
      if (after === undefined || attempt > 1) continue;
      must(isOutcome(statesOf(turn.decision.state)[after]!), { task: task.spec.id, after });
    }
  },

  'no instance begins once more have failed than its matrix allows': ({ turns }, { plan, intents }) => {
    // Who runs one again gives it another chance.
    if (intents.length > 0) return;
    for (const { task, attempt, turn } of startsOf(turns, plan.tasks)) {
      const limit = plan.pipeline.families?.find(({ id }) => id === task.spec.instance?.of)?.maxFailures;
      // What runs at the end runs whatever has failed.
      if (limit === undefined || attempt > 1 || task.end !== undefined) continue;
      const instances = plan.families.get(task.spec.instance!.of)!;
      const all = statesOf(turn.before);
      const failed = instances.filter((index) => hasFailed(all[index]!)).length;
      must(failed <= ('count' in limit ? limit.count : limit.share * instances.length), task.spec.id);
    }
  },

  'nothing starts in a run that is paused, drains or is over, but what runs at its end where it drains': (
    { turns },
    scenario,
  ) => {
    let paused = false;
    let phase: 'goes on' | 'drains' | 'is over' = 'goes on';
    for (const { input, decision } of turns) {
      if (decision.refusal === undefined && input.type === 'pause') paused = true;
      if (decision.refusal === undefined && input.type === 'resume') paused = false;
      for (const event of decision.events) {
        if (event.type === 'run.draining') phase = isGivenUp(event.reason) ? 'is over' : 'drains';
        if (event.type === 'run.finished') phase = 'is over';
        if (event.type === 'run.reopened') phase = 'goes on';
        if (event.type !== 'task.started') continue;
        const isFree = phase === 'goes on' ? !paused : phase === 'drains' && isAtEnd(scenario, event.task);
        must(isFree, { paused, phase, event });
      }
    }
  },

  'what runs at the end starts when all else has ended, and for a teardown all that needs its setup': (
    { turns },
    { plan },
  ) => {
    for (const { task, turn } of startsOf(turns, plan.tasks)) {
      if (task.end === undefined) continue;
      const all = statesOf(turn.decision.state);
      const others = plan.tasks.filter(({ end }) => end === undefined).map(({ index }) => index);
      const before = task.end.when === 'teardown' ? task.end.after : [...others, ...task.end.after];
      for (const other of before) must(isOutcome(all[other]!), { task: task.spec.id, other });
      const setup = task.end.setup === undefined ? undefined : turn.decision.state.tasks.chunks.flat()[task.end.setup];
      must(setup === undefined || setup.attempts > 0, { task: task.spec.id, setup });
    }
  },

  'after a cancellation nothing starts until a person asks for it, but what runs at the end': ({ turns }, scenario) => {
    let cancelled = false;
    for (const { input, decision } of turns) {
      if (decision.refusal === undefined && input.type === 'cancel') cancelled = true;
      if (decision.refusal === undefined && ['retry-task', 'skip-task', 'recheck'].includes(input.type))
        cancelled = false;
      const begins = decision.effects.some(
        (effect) => effect.type === 'run-check' || (effect.type === 'start-task' && !isAtEnd(scenario, effect.task)),
      );
      must(!cancelled || !begins, input);
    }
  },

  'a retry waits for its delay': ({ turns }, { plan, scripts }) => {
    const earliest = new Map<string, number>();
    for (const { input, at, decision } of turns) {
      // A person does not have to wait.
      if (['retry-task', 'skip-task', 'recheck'].includes(input.type)) earliest.clear();
      for (const event of decision.events) {
        // A fallback stands in at once.
        if (event.type === 'task.ready' && event.fallback === true) earliest.delete(event.task);
        if (event.type === 'task.started' || event.type === 'task.asking')
          must(at >= (earliest.get(event.task) ?? at), event);
        if (event.type !== 'task.backing-off') continue;
        const { retry } = plan.tasks[plan.indexOf.get(event.task)!]!.spec;
        const script = scripts.get(event.task)!;
        const isBefore = ['only-if', 'wait-for', 'awaited'].includes(event.cause.kind);
        const asked = isBefore ? undefined : script[Math.min(event.attempt - 1, script.length) - 1]!.retryAfterSeconds;
        const least = Math.floor(Math.min(retry.initialMs, retry.maxMs) * (retry.jitter ? 0.5 : 1));
        earliest.set(event.task, at + (asked === undefined ? least : Math.min(asked * 1000, retry.maxRetryAfterMs)));
      }
    }
  },

  'attempts are bounded': ({ turns }, { plan }) => {
    const started = new Map<string, number>();
    for (const event of turns.flatMap(({ decision }) => decision.events)) {
      if (event.type === 'task.reset') started.delete(event.task);
      if (event.type !== 'task.started') continue;
      const count = (started.get(event.task) ?? 0) + 1;
      started.set(event.task, count);
      const { retry, fallback } = plan.tasks[plan.indexOf.get(event.task)!]!.spec;
      // One more for the attempt alone that is not charged.
      must(count <= (retry.retries + 1) * 6 + (fallback === undefined ? 0 : 1) + 1, { task: event.task, count });
    }
  },
};

function isGivenUp(reason: DrainReason): boolean {
  return reason.kind === 'journal-lost' || (reason.kind === 'cancelled' && reason.withEnds === true);
}

type Start = {
  readonly task: PlannedTask;
  readonly attempt: number;
  readonly turn: Turn;
  /** Tasks with a process in truth, before this one: started, and their exit not told yet. */
  readonly alive: readonly PlannedTask[];
  readonly limit: number;
};

function* startsOf(turns: readonly Turn[], tasks: readonly PlannedTask[], slots = 0): Generator<Start> {
  const alive = new Map<string, PlannedTask>();
  let limit = slots;
  for (const turn of turns) {
    const { input, decision } = turn;
    if (input.type === 'limit' && decision.refusal === undefined) limit = input.maxParallel;
    if (input.type === 'exited') alive.delete(`${input.task}#${input.attempt}`);
    for (const effect of decision.effects) {
      if (effect.type !== 'start-task') continue;
      const task = tasks.find(({ spec }) => spec.id === effect.task)!;
      yield { task, attempt: effect.attempt, turn, alive: [...alive.values()], limit };
      alive.set(`${effect.task}#${effect.attempt}`, task);
    }
  }
}
