import { isDeepStrictEqual } from 'node:util';
import { isOutcome } from '../../../../../src/engine/model/run/task-state.ts';
import { replay } from '../../../../../src/engine/scheduler/state/replay.ts';
import { isBlocked, isDone, isIdle, isStopped, must, type Rule, statesOf, verdictOf } from './rule.ts';

export const endingRules: Readonly<Record<string, Rule>> = {
  'every run ends, and every task has its outcome': ({ final }) => {
    must(final.phase.kind === 'finished', final.phase);
    must(statesOf(final).every(isOutcome), statesOf(final));
  },

  'the journal alone gives the state, at any moment': ({ turns, events, final }, { plan, options }) => {
    must(isDeepStrictEqual(replay(plan, options, events), final), 'at the end');
    const half = turns.slice(0, Math.ceil(turns.length / 2));
    const until = half.flatMap(({ decision }) => decision.events);
    must(isDeepStrictEqual(replay(plan, options, until), half.at(-1)!.decision.state), 'in the middle');
  },

  'what is given up at the end has a reason that still holds': ({ final }, { plan }) => {
    const all = statesOf(final);
    for (const state of all) {
      if (state.kind === 'not-needed' && state.because !== undefined)
        must(isStopped(all[plan.indexOf.get(state.because)!]!), state);
      if (state.kind !== 'upstream-failed') continue;
      const upstream = plan.tasks.find(({ spec }) => spec.id === state.because);
      const gate = plan.checks.find(({ spec }) => spec.name === state.because);
      if (upstream !== undefined) must(isBlocked(all[upstream.index]!), state);
      else
        must(
          gate!.after.some((one) => isBlocked(all[one]!)) || verdictOf(final.checks[gate!.index]!) === 'closed',
          state,
        );
    }
  },

  'the status of the run is what its outcomes say': ({ final }) => {
    if (final.phase.kind !== 'finished' || final.phase.status === 'cancelled') return;
    const bad = statesOf(final).some(isBlocked) || final.checks.some((check) => verdictOf(check) === 'closed');
    must(final.phase.status === (bad ? 'failed' : 'success'), final.phase);
  },

  'unless it is cancelled, a run ends with an answer to every check whose tasks are done': (
    { final },
    { plan, options, intents },
  ) => {
    if (final.phase.kind !== 'finished' || final.phase.status === 'cancelled' || !options.runChecks) return;
    const all = statesOf(final);
    // What runs at the end of the run comes after its checks.
    const others = plan.tasks.filter(({ end }) => end === undefined).map(({ index }) => all[index]!);
    const isAnyNeeded = others.length === 0 || !others.every(isStopped);
    const asksAgain = (check: string) =>
      intents.some(({ intent }) => intent.type === 'recheck' && intent.check === check);
    for (const { index, after, atEnd, spec } of plan.checks) {
      const looksAt = after.map((task) => all[task]!);
      const isOver = looksAt.every((state) => isDone(state) || isIdle(state));
      const isWanted = isOver && (after.length === 0 ? !atEnd || isAnyNeeded : looksAt.some(isDone));
      // Whoever asks for a check gets its answer, although nothing was needed.
      if (atEnd && !isAnyNeeded && asksAgain(spec.name)) continue;
      const wanted = isWanted ? 'done' : 'waiting';
      must(final.checks[index]!.kind === wanted, { check: spec.name, wanted });
    }
  },
};
