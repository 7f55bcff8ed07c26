import type { EpochMs } from '../../model/ids.ts';
import { ownValue } from '../../model/own-value.ts';
import { withLines } from '../../model/pipeline/plan.ts';
import { hasGoneOn, type ResumeDecision } from '../../model/run/resume-decision.ts';
import type { RunContinued } from '../../model/run/run-event.ts';
import type { CheckState, RunState } from '../../model/run/run-state.ts';
import { entryAt, type TaskEntry } from '../../model/run/task-table.ts';
import { countUnmet, isFree } from '../admission/gates.ts';
import { asksFirst } from '../conditions/asks-first.ts';
import { isEndDue } from '../ends/end-due.ts';
import { withoutStep } from '../overload/count-overload.ts';
import { forgetHosts } from '../placement/known-hosts.ts';
import { initialState } from '../state/initial-state.ts';
import { keptByReset } from '../state/kept-by-reset.ts';
import { moveCheck } from '../state/move-check.ts';
import { moveTask } from '../state/move-task.ts';
import { optionsOf } from '../state/run-terms.ts';

/**
 * The state of a run with which another process carries on, under the plan and the options that hold from here on. What
 * becomes of each task was decided before, and is in the event; tasks that the new plan does not have are gone.
 * 1. Everything waits, as at a start.
 * 2. Checks keep their answers, unless the event says otherwise.
 * 3. Tasks take their states over.
 * 4. What was about to start starts over, if something before it is not done any more.
 */
export function continueState(before: RunState, event: RunContinued & { readonly at: EpochMs }): RunState {
  const { type: _, at, plan: number, stoppedAt, decisions, recheck = [], lines, ...terms } = event;
  const stored = before.plans[number - 1];
  if (stored === undefined) throw new Error(`the journal names pipeline ${number}, which is not stored with the run`);
  const plan = withLines(stored, lines);
  const options = optionsOf(terms, before.options);
  let state: RunState = {
    ...initialState(plan, options, before.plans),
    phase: { kind: 'running' },
    paused: before.paused,
    maxParallel: terms.maxParallel,
    overload: terms.maxParallel === before.maxParallel ? before.overload : withoutStep(before.overload),
    activeSince: at,
    continued: { times: (before.continued?.times ?? 0) + 1, at },
    ...awayOf(before, event),
    ...(before.startedAt === undefined ? {} : { startedAt: before.startedAt }),
    ...(options.elsewhere ? { hosts: forgetHosts(before.hosts) } : {}),
  };
  for (const { index, spec } of plan.checks) {
    const answered = answerIn(before, spec.name);
    if (answered === undefined || recheck.includes(spec.name)) continue;
    // Checks that are turned off gate nothing, whatever their answer was.
    if (!options.runChecks) state = { ...state, checks: state.checks.with(index, answered) };
    else state = moveCheck(state, spec.name, () => answered);
  }
  for (const { index, spec } of plan.tasks) {
    const old = before.plan.indexOf.get(spec.id);
    if (old === undefined) continue;
    const former = withClock(entryAt(before.tasks, old), at - stoppedAt);
    const entry = continueEntry(former, ownValue(decisions, spec.id), at);
    state = moveTask(state, index, withUnmet(entry, state, index));
  }
  for (const { index } of plan.tasks) {
    const entry = entryAt(state.tasks, index);
    if (!isAboutToStart(entry) || (mayGoOn(state, index) && hasItsCondition(state, index))) continue;
    const { resumed } = entry;
    const waiting = { ...startOver(entry), ...(resumed === undefined ? {} : { resumed }) };
    state = moveTask(state, index, withUnmet(waiting, state, index));
  }
  return state;
}

/** The time in which nobody carried the run out counts where its tasks went on. */
function awayOf({ away }: RunState, { stoppedAt, at, decisions }: RunContinued & { readonly at: EpochMs }) {
  if (hasGoneOn(decisions)) return away === undefined ? {} : { away };
  return { away: [...(away ?? []), { from: stoppedAt, to: at }] };
}

/** Whether it would go on without looking at what is before it. */
function isAboutToStart({ state: { kind } }: TaskEntry): boolean {
  return kind === 'awaiting' || kind === 'asking' || kind === 'ready' || kind === 'backing-off';
}

/** Whether what comes before a task is done, or over where it runs at the end. */
function mayGoOn(state: RunState, index: number): boolean {
  return state.plan.tasks[index]!.end === undefined ? isFree(state, index) : isEndDue(state, index);
}

/** False when it waits for something or is asked something that the plan does not name any more. */
function hasItsCondition(state: RunState, index: number): boolean {
  const { kind } = entryAt(state.tasks, index).state;
  if (kind === 'awaiting') return state.plan.tasks[index]!.spec.waitFor !== undefined;
  return kind !== 'asking' || asksFirst(state, index);
}

/** The answer that a check had; one that was being asked is asked again. */
function answerIn({ plan, checks }: RunState, name: string): CheckState | undefined {
  const check = checks[plan.checks.findIndex(({ spec }) => spec.name === name)];
  return check?.kind === 'done' ? check : undefined;
}

/** A wall clock that was set back meanwhile makes nothing wait longer than it still had to. */
function withClock(entry: TaskEntry, passedMs: number): TaskEntry {
  const { state } = entry;
  if (passedMs >= 0) return entry;
  if (state.kind === 'awaiting') return { ...entry, state: { ...state, since: (state.since + passedMs) as EpochMs } };
  if (state.kind === 'running')
    return { ...entry, state: { ...state, startedAt: (state.startedAt + passedMs) as EpochMs } };
  if (state.kind !== 'backing-off') return entry;
  return { ...entry, state: { ...state, retryAt: (state.retryAt + passedMs) as EpochMs } };
}

function continueEntry(entry: TaskEntry, decision: ResumeDecision | undefined, at: EpochMs): TaskEntry {
  const { resumed: _, ...old } = entry;
  if (decision === undefined) {
    if (entry.state.kind === 'skipped' || entry.state.kind === 'not-needed') return old;
    const { startedAt: _s, ...goesOn } = old;
    // The process that it was asked in is gone, and it is asked once more.
    return entry.state.kind === 'asking' ? { ...goesOn, state: { ...entry.state, since: at } } : goesOn;
  }
  switch (decision.kind) {
    case 'reused':
    case 'adopted':
      return { ...old, resumed: decision };
    case 'interrupted': {
      const { startedAt: _s, report: _r, ...kept } = old;
      const fallback = old.state.kind === 'running' && old.state.fallback;
      return { ...kept, state: { kind: 'ready', attempt: decision.attempt + 1, fallback }, resumed: decision };
    }
    default:
      return { ...startOver(old), resumed: decision };
  }
}

/** As after a reset: with all retries of its policy. */
function startOver(entry: TaskEntry): TaskEntry {
  const isRerun = entry.attempts === 0 && entry.isRerun !== true ? {} : { isRerun: true as const };
  const kept = { ...keptByReset(entry), ...isRerun };
  return { state: { kind: 'waiting', unmet: 0 }, ...kept, failures: 0, infraFailures: 0 };
}

function withUnmet(entry: TaskEntry, state: RunState, index: number): TaskEntry {
  if (entry.state.kind !== 'waiting') return entry;
  return { ...entry, state: { kind: 'waiting', unmet: countUnmet(state, index) } };
}
