import { expect, test } from 'vitest';
import { taskNote } from '../../../src/display/task-note.ts';
import { entryAt, type TaskId } from '../../../src/engine/index.ts';
import { type FakeRun, fakeRun } from '../../support/fake-run.ts';

function variantsOf(run: FakeRun, task: string): readonly string[] | undefined {
  const index = run.plan.indexOf.get(task as TaskId)!;
  return taskNote(run.state(), index, entryAt(run.state().tasks, index), run.now())?.variants;
}

test('a task that might have been reused says why it has run, also when it is over', () => {
  const run = fakeRun({ tasks: { clean: { reuse: true } } });
  run.answerNeed('clean', { kind: 'needed', changed: { kind: 'input', path: 'raw.csv', how: 'changed' } });
  const why = ['re-run: input raw.csv changed', 'input raw.csv changed'];
  expect(variantsOf(run, 'clean')).toEqual(why);
  run.exit('clean');
  expect(variantsOf(run, 'clean')).toEqual(why);
});

test('a task that was not run because of several names the first where there is no room for a sentence', () => {
  const run = fakeRun({ tasks: { a: {}, b: {}, c: {}, mart: { after: ['a', 'b', 'c'] } } });
  run.exit('a', 1);
  run.exit('b', 1);
  run.exit('c', 1);
  expect(variantsOf(run, 'mart')).toEqual([
    'not run: "a" failed (and 2 other causes)',
    '"a" failed (and 2 other causes)',
    '"a" failed +2',
    'not run',
  ]);
});

test('a task that was ended with its run says by what, also where there is room for that alone', () => {
  const run = fakeRun({ tasks: { slow: {} }, limits: { runMs: 3000 } });
  run.fire('run-limit', 'the run');
  run.exit('slow', { kind: 'signalled', signal: 'SIGTERM' });
  const why = 'the run reached its limit of 3s';
  expect(variantsOf(run, 'slow')).toEqual([`cancelled: ${why}`, why, 'cancelled']);
});
