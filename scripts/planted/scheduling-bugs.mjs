// Bugs of the scheduler; see planted-bugs.mjs.

const loop = 'src/engine/runtime/run-loop.ts';
const performer = 'src/engine/runtime/perform-effects.ts';
const admission = 'src/engine/scheduler/admission/admission-rules.ts';
const beginTask = 'src/engine/scheduler/conditions/begin-task.ts';
const endAttempt = 'src/engine/scheduler/attempts/end-attempt.ts';
const evolve = 'src/engine/scheduler/state/evolve.ts';
const placeTask = 'src/engine/scheduler/placement/place-task.ts';
const moveTask = 'src/engine/scheduler/state/move-task.ts';
const continueState = 'src/engine/scheduler/resume/continue-state.ts';

export const schedulingBugs = [
  {
    name: 'a retry does not wait',
    file: 'src/engine/scheduler/attempts/backoff.ts',
    from: 'const delay = Math.min(policy.maxMs, grown);',
    to: 'const delay = 0 * grown;',
  },
  {
    name: 'one task more than slots',
    file: admission,
    from: 'if (running >= maxRunning(state))',
    to: 'if (running > maxRunning(state))',
  },
  {
    name: 'a task runs where its labels are not',
    file: placeTask,
    from: 'host.accepting && labels.every(',
    to: 'host.accepting && labels.some(',
  },
  {
    name: 'one task more than a host has slots',
    file: placeTask,
    from: 'usedOn(host).running < host.slots',
    to: 'usedOn(host).running <= host.slots',
  },
  {
    name: 'what is lost with its host is made again for ever',
    file: endAttempt,
    from: 'loss.lostOn.length <= maxLosses',
    to: 'loss.lostOn.length >= 0',
  },
  {
    name: 'hosts that are gone are still given tasks',
    file: 'src/engine/scheduler/placement/known-hosts.ts',
    from: 'return { id, name, labels, slots, accepting: false, isGone: true };',
    to: 'return { id, name, labels, slots, accepting: true, isGone: true };',
  },
  {
    name: 'the slot of a pool is never given back',
    file: moveTask,
    from: 'poolUse: runs === 0 ?',
    to: 'poolUse: runs <= 0 ?',
  },
  {
    name: 'what depends on a failed task runs',
    file: 'src/engine/model/run/task-state.ts',
    from: "    case 'reused':\n    case 'skipped':\n      return true;",
    to: "    case 'reused':\n    case 'failed':\n    case 'skipped':\n      return true;",
  },
  {
    name: 'a running task is run again on request',
    file: 'src/engine/scheduler/operator/rerun-task.ts',
    from: "if (kind === 'running') return",
    to: "if (kind === 'never') return",
  },
  {
    name: 'no SIGKILL after the grace',
    file: performer,
    from: 'terminate(effect.graceMs)',
    to: 'terminate(Number.POSITIVE_INFINITY)',
  },
  {
    name: 'what the dead have left is not ended first',
    file: 'test/support/simulation/carry-out.ts',
    from: 'await ports.executor.adopt(',
    to: 'void (',
  },
  {
    name: 'effects do not wait for the disk',
    file: loop,
    from: 'facts.length === 0 ? undefined : await store(facts);',
    to: 'facts.length === 0 ? undefined : void store(facts);',
  },
  {
    name: 'the number of an attempt is used again',
    file: continueState,
    from: 'attempt: decision.attempt + 1, fallback',
    to: 'attempt: decision.attempt, fallback',
  },
  {
    name: 'events are told before they are on the disk',
    file: loop,
    from: 'let pending: readonly Effect[] = effects;',
    to: 'let pending: readonly Effect[] = effects; for (const fact of facts) for (const one of listeners) one(fact, state);',
  },
  {
    name: 'the exit of an earlier attempt counts',
    file: 'src/engine/scheduler/apply-observation.ts',
    from: 'if (state.kind !== kind || state.attempt !== attempt) return undefined;',
    to: 'if (state.kind !== kind) return undefined;',
  },
  {
    name: 'one task more than a pool holds',
    file: admission,
    from: '(state.poolUse.get(pool) ?? 0) >= ',
    to: '(state.poolUse.get(pool) ?? 0) > ',
  },
  {
    name: 'connections are not bounded',
    file: admission,
    from: 'used === 0 || used + connections <= budget',
    to: 'used >= 0',
  },
  {
    name: 'what is to run alone runs beside others',
    file: admission,
    from: "if (state.runningAlone > 0 || (state.readyAlone > 0 && running > 0)) return { kind: 'alone' };",
    to: '',
  },
  {
    name: 'a paused run starts tasks',
    file: admission,
    from: "if (paused && phase.kind === 'running') return { kind: 'paused' };",
    to: '',
  },
  {
    name: 'a run that ends leaves open what has not begun',
    file: 'src/engine/scheduler/propagate.ts',
    from: "if (phase.kind === 'draining' && open > running) {",
    to: "if (phase.kind === 'planned' && open > running) {",
  },
  {
    name: 'a full machine holds nothing back',
    file: admission,
    from: 'running < capacity.tasks ? undefined',
    to: 'running < 99 ? undefined',
  },
  {
    name: 'a step down is forgotten',
    file: 'src/engine/scheduler/overload/step-limit.ts',
    from: 'return Math.min(maxParallel, overload.maxParallel ?? maxParallel);',
    to: 'return maxParallel;',
  },
  {
    name: 'a gate opens for a check with an error',
    file: 'src/engine/scheduler/admission/gates.ts',
    from: "(check.result.verdict === 'pass' || check.result.verdict === 'warn')",
    to: "check.result.verdict !== 'fail'",
  },
  {
    name: 'one retry too many',
    file: 'src/engine/scheduler/attempts/should-retry.ts',
    from: 'if (failures >= retry.retries) return false;',
    to: 'if (failures > retry.retries) return false;',
  },
  {
    name: 'one retry too few',
    file: 'src/engine/scheduler/attempts/should-retry.ts',
    from: 'if (failures >= retry.retries) return false;',
    to: 'if (failures + 1 >= retry.retries) return false;',
  },
  {
    name: 'a shortage is charged to the task',
    file: evolve,
    from: 'return { failures: entry.failures, infraFailures: entry.infraFailures + 1 };',
    to: 'return { failures: entry.failures + 1, infraFailures: entry.infraFailures + 1 };',
  },
  {
    name: 'competition is charged to the task',
    file: evolve,
    from: 'if (alone) return { failures: entry.failures, infraFailures: entry.infraFailures };',
    to: '',
  },
  {
    name: 'a rerun has no retries left',
    file: evolve,
    from: '...kept, failures: 0, infraFailures: 0 }',
    to: '...kept, failures: entryAt(state.tasks, index).failures, infraFailures: 0 }',
  },
  {
    name: 'a program that ends well after its timeout has succeeded',
    file: endAttempt,
    from: "if (stopping === 'timeout') return { kind: 'timeout', afterMs: timeoutMs };",
    to: '',
  },
  {
    name: 'a promised output may be missing',
    file: endAttempt,
    from: 'return missingOutput === undefined ? undefined :',
    to: 'return missingOutput !== null ? undefined :',
  },
  {
    name: 'a skipped task is cancelled',
    file: endAttempt,
    from: "if (stopping === 'skip') return { kind: 'skipped' };",
    to: "if (stopping === 'skip') return cancelled(transition);",
  },
  {
    name: 'the timer of a retry is not set',
    file: endAttempt,
    from: "transition.effects.push({ type: 'set-timer', timer: { kind: 'retry', task: id, attempt }, at: retryAt });",
    to: '',
  },
  {
    name: 'a cancelled run lets its tasks run on',
    file: 'src/engine/scheduler/end-run.ts',
    from: "if (state.kind === 'running' && state.stopping !== 'skip') stopTask(transition, index, 'cancel');",
    to: '',
  },
  {
    name: 'a check does not wait for its tasks',
    file: 'src/engine/scheduler/run-checks.ts',
    from: 'if (mayRunChecks(transition.state) && areTasksDone(transition.state, index)) startCheck',
    to: 'if (mayRunChecks(transition.state)) startCheck',
  },
  {
    name: 'the end of a run does not wait for checks',
    file: 'src/engine/scheduler/finish-run.ts',
    from: 'if (transition.state.checks.some(isUnderWay)) return;',
    to: '',
  },
  {
    name: 'a failed check leaves the run a success',
    file: 'src/engine/scheduler/run-status.ts',
    from: 'return taskFailed || checkFailed ?',
    to: 'return taskFailed ?',
  },
  {
    name: 'what was not run stays so when its cause is run again',
    file: 'src/engine/scheduler/operator/reset-tasks.ts',
    from: "return state.kind === 'upstream-failed' || isStoppedByOthers(state);",
    to: 'return isStoppedByOthers(state);',
  },
  {
    name: 'a task runs without being asked whether it is needed',
    file: beginTask,
    from: 'asksFirst(transition.state, index) && entryIn(transition, index).isMet !== true;',
    to: 'false;',
  },
  {
    name: 'what a person has run again is reused',
    file: 'src/engine/scheduler/conditions/asks-first.ts',
    from: ' && entryAt(tasks, index).isRerun !== true',
    to: '',
  },
  {
    name: 'nobody gives up waiting for something outside the run',
    file: 'src/engine/scheduler/conditions/end-condition.ts',
    from: "state.kind !== 'awaiting' || state.since !== since",
    to: "state.kind !== 'awaiting' || state.since === since",
  },
  {
    name: 'a question that a crash cut off is not asked again',
    file: 'src/engine/scheduler/resume/continue-run.ts',
    from: "else if (state.kind === 'awaiting' || state.kind === 'asking') carryOnWithCondition(transition, index);",
    to: '',
  },
  {
    name: 'what is behind a task that found nothing to do runs',
    file: 'src/engine/scheduler/conditions/end-condition.ts',
    from: "stops: onlyIf?.otherwise === 'stop'",
    to: 'stops: false',
  },
  {
    name: 'a limit of the run lets its tasks run on',
    file: 'src/engine/scheduler/end-run.ts',
    from: "if (state.kind === 'running' && state.stopping !== 'skip')",
    to: "if (reason.kind === 'cancelled' && state.kind === 'running' && state.stopping !== 'skip')",
  },
  {
    name: 'what runs at the end does not wait for the rest',
    file: 'src/engine/scheduler/ends/end-due.ts',
    from: "if (when !== 'teardown') return",
    to: "if (when !== 'teardown') return true ||",
  },
  {
    name: 'a teardown runs although its setup never began',
    file: 'src/engine/scheduler/ends/end-due.ts',
    from: 'return setup === undefined || entryAt(state.tasks, setup).attempts > 0;',
    to: 'return true;',
  },
  {
    name: 'what runs at the end is cancelled with the run',
    file: 'src/engine/scheduler/propagate.ts',
    from: 'const keepsEnds = mayRunEnds(transition.state.phase);',
    to: 'const keepsEnds = false;',
  },
  {
    name: 'what was taken down is not set up again',
    file: 'src/engine/scheduler/operator/reset-tasks.ts',
    from: 'if (setups.size === 0) return tasks;',
    to: 'if (setups.size >= 0) return tasks;',
  },
  {
    name: 'what was taken down is not set up again when the run is resumed',
    file: 'src/engine/scheduler/resume/decide-ends.ts',
    from: 'repeatSetups(plan, decisions, entryOf, runs);',
    to: '',
  },
  {
    name: 'an instance of a sequential matrix waits for its turn for ever',
    file: moveTask,
    from: 'changeUnmet(tasks, [turn.before], -ends)',
    to: 'tasks',
  },
  {
    name: 'a matrix allows one failure less than it says',
    file: 'src/engine/scheduler/attempts/finish-task.ts',
    from: 'if (failures <= (',
    to: 'if (failures < (',
  },
  {
    name: 'a run that has lost its journal and is cancelled carries out its end',
    file: 'src/engine/scheduler/operator/apply-intent.ts',
    from: "return phase.reason.kind === 'journal-lost' ? { kind: 'cancelled', withEnds: true } : { kind: 'cancelled' };",
    to: "return { kind: 'cancelled' };",
  },
  {
    name: 'what runs at the end goes on behind another end that is run again',
    file: 'src/engine/scheduler/ends/reset-ends.ts',
    from: 'if (isAboutToBegin(state, index) && isBehindEnd(state, index, again)) again.add(index);',
    to: 'continue;',
  },
  {
    name: 'what a teardown has taken down stands in for its setup',
    file: endAttempt,
    from: 'spec.useLastGood && spec.setup === undefined ?',
    to: 'spec.useLastGood ?',
  },
];
