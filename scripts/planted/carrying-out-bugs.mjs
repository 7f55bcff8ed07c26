// Bugs of the runtime, of resuming, and four that were real; see planted-bugs.mjs.

const loop = 'src/engine/runtime/run-loop.ts';
const performer = 'src/engine/runtime/perform-effects.ts';
const endAttempt = 'src/engine/scheduler/attempts/end-attempt.ts';
const planResume = 'src/engine/scheduler/resume/plan-resume.ts';
const continueState = 'src/engine/scheduler/resume/continue-state.ts';
const continueRun = 'src/engine/scheduler/resume/continue-run.ts';

export const carryingOutBugs = [
  {
    name: 'a program that has ended times out',
    file: performer,
    from: "if (timer.kind === 'timeout' && attempts.get(timer.task)?.hasEnded()) return;",
    to: '',
  },
  {
    name: 'time in which nothing ran counts for a timeout',
    file: performer,
    from: "ports.clock.setTimer(at, fire, isLimit ? 'awake' : 'all')",
    to: "ports.clock.setTimer(at, fire, 'all')",
  },
  {
    name: 'an attempt begins although its event is lost',
    file: loop,
    from: "return lost.filter(({ type }) => type === 'terminate-task' || type === 'stop-condition');",
    to: 'return lost;',
  },
  {
    name: 'a run that lost its journal waits for attempts that never began',
    file: loop,
    from: "notBegun: lost.filter((effect) => effect.type === 'start-task')",
    to: 'notBegun: []',
  },
  {
    name: 'a failed write is taken for a good one',
    file: loop,
    from: 'return error as Error;',
    to: 'return void error;',
  },
  {
    name: 'an interrupted attempt is charged to the task',
    file: continueState,
    from: 'return { ...kept, state:',
    to: 'return { ...kept, failures: kept.failures + 1, state:',
  },
  {
    name: 'a resumed run does not wait for its retries',
    file: continueRun,
    from: 'at: state.retryAt }',
    to: 'at: transition.at }',
  },
  {
    name: 'a resumed run forgets its retries',
    file: continueRun,
    from: "transition.effects.push({ type: 'set-timer', timer, at: state.retryAt });",
    to: '',
  },
  {
    name: 'a resumed run runs everything again',
    file: planResume,
    from: "return change ?? { kind: 'reused' };",
    to: "return change ?? { kind: 'failed' };",
  },
  {
    name: 'a changed command is not noticed',
    file: planResume,
    from: 'findChange(before.plan, old, plan, index) ??',
    to: '',
  },
  {
    name: 'what is made of changed data is kept',
    file: planResume,
    from: 'if (change !== undefined) changed.add(index);',
    to: '',
  },
  {
    name: 'a resumed run goes on although it was paused',
    file: continueState,
    from: 'paused: before.paused,',
    to: 'paused: false,',
  },
  // These four were real: the simulation found them.
  {
    name: 'an exit that is told twice ends the attempt that follows',
    file: performer,
    from: 'if (over) return;',
    to: '',
  },
  {
    name: 'a timeout counts from the decision, while the start waits for the disk',
    file: performer,
    from: 'return Math.max(0, ports.clock.now() - Math.max(state.startedAt, continued?.at ?? 0));',
    to: 'return 0;',
  },
  {
    name: 'a wall clock that was set back lets retries wait',
    file: continueState,
    from: '(state.retryAt + passedMs)',
    to: '(state.retryAt)',
  },
  {
    name: 'a crash between two records of one decision takes the fallback away',
    file: endAttempt,
    from: 'cause, fallback: true });',
    to: 'cause });',
  },
];
