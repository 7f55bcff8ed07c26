import { expect, test } from 'vitest';
import { type FakeRun, fakeRun } from '../../../support/fake-run.ts';

const refused = { lastOutput: 'psql: error: FATAL:  sorry, too many clients already' };

function manyTasks(count: number): FakeRun {
  return fakeRun(
    { tasks: Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, {}])) },
    { maxParallel: 8 },
  );
}

test('a task that the database refused is tried again alone, and is not charged for it', () => {
  const run = manyTasks(10);
  run.exit('t0', 2, refused);
  expect(run.stateOf('t0')).toMatchObject({ kind: 'backing-off', attempt: 2 });
  run.fire('retry', 't0');
  expect(run.running()).toEqual(['t1', 't2', 't3', 't4', 't5', 't6', 't7', 't8']);
  expect(run.why('t0')).toBe('waits for a task that runs alone after failing beside others');
  for (const task of ['t1', 't2', 't3', 't4', 't5', 't6', 't7', 't8']) run.exit(task);
  expect(run.running()).toEqual(['t0']);
  run.exit('t0');
  expect(run.running()).toEqual(['t9']);
  run.exit('t9');
  expect(run.status()).toBe('success');
});

test('alone it has no one to blame: the next failure of the kind is its own', () => {
  const run = fakeRun({ tasks: { a: {}, b: {} } });
  run.exit('b');
  run.exit('a', 1, { lastOutput: 'ERROR:  deadlock detected' });
  run.fire('retry', 'a');
  run.exit('a', 1, { lastOutput: 'ERROR:  deadlock detected' });
  expect(run.stateOf('a')).toMatchObject({ kind: 'failed', attempt: 2, cause: { kind: 'overload', of: 'deadlock' } });
});

test('when overloads repeat, half as many tasks run at once, and twice as many again when it goes well', () => {
  const run = manyTasks(40);
  run.exit('t0', 1, refused);
  run.pass(10);
  run.exit('t1', 1, refused);
  expect(run.events.findLast(({ type }) => type === 'run.stepped-down')).toMatchObject({
    maxParallel: 4,
    because: 'connections',
  });
  for (let rounds = 0; rounds < 20 && run.events.every(({ type }) => type !== 'run.stepped-up'); rounds += 1) {
    run.pass(100);
    const [first] = run.running();
    run.exit(first!);
  }
  expect(run.events.findLast(({ type }) => type === 'run.stepped-up')).toMatchObject({ maxParallel: 8 });
  expect(run.replayed()).toEqual(run.state());
});

test('failures of attempts that began before the step do not step further down', () => {
  const run = manyTasks(20);
  run.pass(10);
  for (const task of ['t0', 't1', 't2', 't3', 't4']) run.exit(task, 1, refused);
  expect(run.events.filter(({ type }) => type === 'run.stepped-down')).toHaveLength(1);
});

test('a program that was killed ran out of memory only when the kernel says so', () => {
  const run = manyTasks(4);
  run.exit('t0', 137);
  expect(run.stateOf('t0')).toMatchObject({ kind: 'failed', cause: { kind: 'exit-code', code: 137 } });
  run.exit('t1', { kind: 'signalled', signal: 'SIGKILL' }, { outOfMemory: true });
  expect(run.stateOf('t1')).toMatchObject({ kind: 'backing-off', cause: { kind: 'overload', of: 'memory' } });
});

test('the number of the operator replaces that of a step', () => {
  const run = manyTasks(40);
  run.exit('t0', 1, refused);
  run.exit('t1', 1, refused);
  run.limit(6);
  for (const task of ['t2', 't3', 't4']) run.exit(task);
  expect(run.running()).toHaveLength(6);
});
