import type { EpochMs } from '../model/ids.ts';
import { type CheckResult, withAttempts } from '../model/run/check-result.ts';
import { isGateOpen } from './admission/gates.ts';
import { backoffMs } from './attempts/backoff.ts';
import { propagateGate } from './propagate.ts';
import { runWhenDue, startCheck } from './run-checks.ts';
import { mayRunChecks } from './run-phase.ts';
import { record, type Transition } from './transition.ts';

/** What follows from the answer of a running check: another attempt after an error that may pass, else its result. */
export function endCheck(transition: Transition, index: number, result: CheckResult, isTransient: boolean): void {
  const check = transition.state.checks[index]!;
  if (check.kind !== 'running') return;
  const { attempt, outdated } = check;
  const { retries } = transition.state.plan.checks[index]!.spec.retry;
  if (isTransient && outdated !== true && attempt <= retries && mayRunChecks(transition.state)) {
    backOff(transition, index, attempt, result);
    return;
  }
  record(transition, { type: 'check.finished', result: withAttempts(result, attempt) });
  const checked = transition.state.checks[index]!;
  if (checked.kind === 'done') propagateGate(transition, index, isGateOpen(checked));
  else runWhenDue(transition, index);
}

/** The time of a retry has come; a timer of an earlier back-off is ignored. */
export function retryCheck(transition: Transition, name: string, attempt: number): void {
  const check = transition.state.plan.checks.find(({ spec }) => spec.name === name);
  const state = check === undefined ? undefined : transition.state.checks[check.index]!;
  if (check === undefined || state?.kind !== 'backing-off' || state.attempt !== attempt) return;
  if (transition.at < state.retryAt || !mayRunChecks(transition.state)) return;
  startCheck(transition, check.index, attempt);
}

function backOff(transition: Transition, index: number, failures: number, result: CheckResult): void {
  const { plan, options } = transition.state;
  const { name, retry } = plan.checks[index]!.spec;
  const attempt = failures + 1;
  // No task may have a name with a colon, so that no task draws the same delays.
  const retryAt = (transition.at + backoffMs(retry, failures, options.seed, `check:${name}`)) as EpochMs;
  record(transition, { type: 'check.backing-off', check: name, attempt, retryAt, result });
  transition.effects.push({ type: 'set-timer', timer: { kind: 'check-retry', check: name, attempt }, at: retryAt });
}
