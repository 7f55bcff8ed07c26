import { describe, expect, test } from 'vitest';
import type { CheckVerdict } from '../../../../src/engine/model/run/check-result.ts';
import { showWrongData } from '../../../../src/ui/panes/checks/check-selection.ts';
import { createRecheckNotes } from '../../../../src/ui/panes/checks/recheck-notes.ts';
import { initialScreen } from '../../../../src/ui/store/screen-state.ts';
import { type FakeRun, fakeRun } from '../../../support/fake-run.ts';
import { type PressedScreen, screenOf } from '../support/screen-of.ts';

const tasks = { games: {}, plays: { after: ['games'] }, mart: { after: ['plays'] }, other: {} };
const checks = {
  whole: {},
  fresh: { after: ['other'] },
  orphans: { after: ['plays', 'games'] },
  keys: { after: ['games'] },
};

/** A run that is over, whose checks answered. */
function over(answers: Readonly<Record<string, CheckVerdict>> = {}): FakeRun {
  const run = fakeRun({ tasks, checks });
  for (const task of ['games', 'plays', 'mart', 'other']) run.exit(task);
  for (const check of ['fresh', 'orphans', 'keys', 'whole']) run.answer(check, answers[check] ?? 'pass');
  return run;
}

function selected({ screen, view }: PressedScreen): string | undefined {
  return screen.check === undefined ? undefined : view.state.plan.checks[screen.check]!.spec.name;
}

function ordersOf({ commands }: PressedScreen) {
  return commands.flatMap((command) => (command.type === 'intend' ? command.intents : []));
}

describe('in the pane of the checks', () => {
  test.each([
    [{ orphans: 'fail', fresh: 'warn', keys: 'error' }, 'orphans'],
    [{ keys: 'error', whole: 'warn' }, 'keys'],
    [{ fresh: 'warn' }, 'fresh'],
    [{}, 'whole'],
  ] as const)('with the answers %j, r is for the check %s until another is selected', (answers, expected) => {
    const screen = screenOf({ state: over(answers).state() }).press('5');
    expect(ordersOf(screen.press('r'))).toEqual([{ type: 'recheck', check: expected }]);
  });

  test('arrows and j k select a check, g and G the first and the last', () => {
    const screen = screenOf({ state: over({ fresh: 'fail' }).state() }).press('5');
    expect(selected(screen.press('j'))).toBe('orphans');
    expect(selected(screen.press('Down', 'Down', 'Down', 'Down'))).toBe('keys');
    expect(selected(screen.press('k'))).toBe('whole');
    expect(selected(screen.press('G'))).toBe('keys');
    expect(selected(screen.press('G', 'g'))).toBe('whole');
  });

  test('R asks before it runs the tasks before the check and everything downstream again, in their order', () => {
    const screen = screenOf({ state: over({ orphans: 'fail' }).state() }).press('5', 'R');
    expect(screen.screen.prompt).toMatchObject({
      text: 'Run games, plays and 1 task downstream again? Then the check runs again.',
    });
    expect(ordersOf(screen)).toEqual([]);
    expect(ordersOf(screen.press('y'))).toEqual([
      { type: 'retry-task', task: 'games', downstream: true },
      { type: 'retry-task', task: 'plays', downstream: true },
    ]);
  });

  test('what R asks for loads and derives everything anew, and the check has a new answer', () => {
    const run = over({ orphans: 'fail' });
    for (const order of ordersOf(screenOf({ state: run.state() }).press('5', 'R', 'y'))) run.take(order);
    for (const task of ['games', 'plays', 'mart']) run.exit(task);
    for (const check of ['keys', 'orphans', 'whole']) run.answer(check);
    expect(run.status()).toBe('success');
    expect(run.stateOf('other')).toMatchObject({ attempt: 1 });
  });

  test('R on a check of the whole run says that it is for no task in particular', () => {
    const screen = screenOf({ state: over({ whole: 'fail' }).state() }).press('5', 'R');
    expect([screen.screen.message?.text, screen.screen.prompt]).toEqual(['whole depends on no task', undefined]);
  });

  test('without checks r and R say why they do nothing', () => {
    const none = screenOf({ state: fakeRun({ tasks }).state() }).press('5');
    const off = screenOf({ state: fakeRun({ tasks, checks }, { runChecks: false }).state() }).press('5');
    for (const key of ['r', 'R']) {
      expect(none.press(key).screen.message?.text).toBe('this pipeline has no checks');
      expect(off.press(key).screen.message?.text).toBe('checks are off in this run');
    }
  });

  test('a replay refuses both', () => {
    const playback = { isPlaying: false, isAtEnd: true, speed: 1 };
    const screen = screenOf({ state: over({ orphans: 'fail' }).state(), playback }).press('5');
    for (const key of ['r', 'R']) expect(screen.press(key).screen.message?.text).toBe('not possible in a replay');
  });
});

describe('at the end of a run', () => {
  const opened = (answers: Readonly<Record<string, CheckVerdict>>, screen = initialScreen(80, 24)) =>
    showWrongData(screen, over(answers).state()).focus;

  test('whose data is wrong, the checks are shown', () => {
    expect(opened({ orphans: 'fail', fresh: 'warn' })).toBe('checks');
  });

  test('that succeeded, or whose check had an error, nothing else is shown than before', () => {
    expect([opened({ fresh: 'warn' }), opened({ orphans: 'fail', keys: 'error' })]).toEqual(['tasks', 'tasks']);
  });

  test.each([{ touched: true }, { shown: 'history' }, { detail: true }, { zoomed: true }, { help: 0 }])(
    'a screen with %j stays as it is',
    (choice) => {
      expect(opened({ orphans: 'fail' }, { ...initialScreen(80, 24), ...choice })).toBe('tasks');
    },
  );
});

test.each([
  ['pass', 'check passed: orphans'],
  ['warn', 'check warned: orphans'],
  ['fail', 'check failed again: orphans; R retries its tasks'],
  ['error', 'check error: orphans'],
] as const)('a check that was run again and ends with %s is told once', (verdict, text) => {
  const run = over({ orphans: 'fail' });
  const note = createRecheckNotes();
  for (const event of run.events) expect(note(event, run.state())).toBeUndefined();
  const before = run.events.length;
  run.recheck('orphans');
  run.answer('orphans', verdict);
  const notes = run.events.slice(before).map((event) => note(event, run.state()));
  expect(notes.filter((one) => one !== undefined)).toEqual([text]);
});
