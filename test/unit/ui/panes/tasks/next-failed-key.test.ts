import { expect, test } from 'vitest';
import type { CheckVerdict } from '../../../../../src/engine/model/run/check-result.ts';
import { fakeRun } from '../../../../support/fake-run.ts';
import { type PressedScreen, screenOf, selectedName } from '../../support/screen-of.ts';

/** A run that is over, with tasks that fail and checks that answer. */
function screenAfter(fails: readonly string[], answers: Readonly<Record<string, CheckVerdict>>): PressedScreen {
  const checks = Object.fromEntries(Object.keys(answers).map((name) => [name, {}]));
  const run = fakeRun({ tasks: { a: {}, b: {}, c: {}, d: {} }, checks });
  for (const task of ['a', 'b', 'c', 'd']) run.exit(task, fails.includes(task) ? 1 : 0);
  for (const [check, verdict] of Object.entries(answers)) run.answer(check, verdict);
  return screenOf({ state: run.state() });
}

/** Where e goes, one time after the other. */
function way(screen: PressedScreen, times: number): string {
  let at = screen;
  const seen: string[] = [];
  for (let time = 0; time < times; time += 1) {
    at = at.press('e');
    const { focus, check } = at.screen;
    seen.push(focus === 'checks' ? at.view.state.plan.checks[check!]!.spec.name : selectedName(at));
  }
  return seen.join(' ');
}

const answers = { orphans: 'fail', fresh: 'warn', lost: 'error', whole: 'pass' } as const;

test.each([
  [['b', 'd'], answers, 'b d orphans lost b d orphans'],
  [[], answers, 'orphans lost orphans lost'],
  [['a'], {}, 'a a'],
  [['c'], { whole: 'pass' }, 'c c'],
] as const)('with failed tasks %j and checks %j, e goes to %s', (fails, checks, expected) => {
  expect(way(screenAfter(fails, checks).press('Home'), expected.split(' ').length)).toBe(expected);
});

test('e shows a check where there is space for it, and then a task in the list', () => {
  const onCheck = screenAfter(['b'], { orphans: 'fail' }).press('Home', 'e', 'e');
  expect(onCheck.view.layout).toMatchObject({ panes: { checks: expect.anything() } });
  expect(onCheck.screen.tops['checks']).toBeUndefined();
  const onTask = onCheck.press('e');
  expect(onTask.screen.focus).toBe('tasks');
  expect(onTask.view.layout).toMatchObject({ panes: { log: expect.anything() } });
});

test('e says when nothing has failed', () => {
  const { message, focus } = screenAfter([], { fresh: 'warn', whole: 'pass' }).press('e').screen;
  expect([message?.text, focus]).toEqual(['no task and no check has failed', 'tasks']);
});
