import { expect, test } from 'vitest';
import { fakeRun } from '../../../support/fake-run.ts';
import { sketchPlan } from '../../../support/pipeline-builder.ts';

test('a task starts the moment everything upstream of it is done, whatever else runs', () => {
  const run = fakeRun({ tasks: { fast: {}, slow: {}, next: { after: ['fast'] }, last: { after: ['fast', 'slow'] } } });
  expect(run.running()).toEqual(['fast', 'slow']);
  run.exit('fast');
  expect(run.summary()).toBe('fast: succeeded, slow: running, next: running, last: waiting');
  run.exit('slow');
  expect(run.running()).toEqual(['next', 'last']);
});

test('a run in which everything succeeds is a success', () => {
  const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] } } });
  run.exit('a');
  expect(run.status()).toBeUndefined();
  run.exit('b');
  expect(run.status()).toBe('success');
});

test('no more tasks run than there are slots, and the longest path to the end goes first', () => {
  const tasks = { short: {}, long: {}, longer: { after: ['long'] }, longest: { after: ['longer'] } };
  const run = fakeRun({ tasks }, { maxParallel: 1 });
  expect(run.running()).toEqual(['long']);
  run.exit('long');
  expect(run.running()).toEqual(['longer']);
});

test('a full pool holds its tasks back and lets others start', () => {
  const api = { pools: ['api'] };
  const run = fakeRun({ pools: { api: 2 }, tasks: { a: api, b: api, c: api, other: {} } });
  expect(run.running()).toEqual(['a', 'b', 'other']);
  run.exit('a');
  expect(run.running()).toEqual(['b', 'c', 'other']);
});

test('a task in several pools needs a place in each', () => {
  const run = fakeRun({
    pools: { api: 1, disk: 1 },
    tasks: { a: { pools: ['api'] }, both: { pools: ['api', 'disk'] }, d: { pools: ['disk'] } },
  });
  expect(run.running()).toEqual(['a', 'd']);
  run.exit('a');
  expect(run.running()).toEqual(['d']);
  run.exit('d');
  expect(run.running()).toEqual(['both']);
});

test('running tasks never hold more database connections than the budget', () => {
  const two = { connections: 2 };
  const run = fakeRun({ tasks: { a: two, b: two, c: two } }, { connectionBudget: 5 });
  expect(run.running()).toEqual(['a', 'b']);
});

test('a task that lacks connections is not overtaken by one that would take them, but by one that needs none', () => {
  const tasks = { a: { connections: 2 }, large: { connections: 4 }, small: { connections: 1 }, none: {} };
  const run = fakeRun({ tasks }, { connectionBudget: 4 });
  expect(run.running()).toEqual(['a', 'none']);
  run.exit('a');
  expect(run.running()).toEqual(['large', 'none']);
});

test('a task that needs more connections than the budget runs when no other holds any', () => {
  const tasks = { small: { connections: 1 }, huge: { connections: 100 }, after: { connections: 1 } };
  const run = fakeRun({ tasks }, { connectionBudget: 4 });
  expect(run.running()).toEqual(['small']);
  run.exit('small');
  expect(run.running()).toEqual(['huge']);
  run.exit('huge');
  expect(run.running()).toEqual(['after']);
});

test('connections are not reserved for a task whose pool has become full', () => {
  const tasks = {
    a: { connections: 2 },
    large: { connections: 4, pools: ['p'] },
    small: { connections: 1 },
    quick: { pools: ['p'] },
  };
  const run = fakeRun({ pools: { p: 1 }, tasks }, { connectionBudget: 4 });
  expect(run.running()).toEqual(['a', 'small', 'quick']);
});

test('without a budget connections are not counted', () => {
  const run = fakeRun({ tasks: { a: { connections: 50 }, b: { connections: 50 } } });
  expect(run.running()).toEqual(['a', 'b']);
});

test('a task skipped before the run is skipped at once, and its downstream runs', () => {
  const plan = sketchPlan({ tasks: { a: {}, b: { after: ['a'] }, c: { after: ['b'] } } }, { skip: ['b'] });
  const run = fakeRun(plan);
  expect(run.summary()).toBe('a: running, b: skipped, c: waiting');
  run.exit('a');
  run.exit('c');
  expect(run.status()).toBe('success');
});

test('every attempt is started once, with a timer at its timeout', () => {
  const run = fakeRun({ tasks: { a: { timeoutMs: 3000 } } });
  expect(run.effects).toEqual([
    { type: 'start-task', task: 'a', attempt: 1, fallback: false },
    { type: 'set-timer', timer: { kind: 'timeout', task: 'a', attempt: 1 }, at: run.now() + 3000 },
  ]);
});

test('a second start changes nothing', () => {
  const run = fakeRun({ tasks: { a: {} } });
  const before = run.state();
  run.take({ type: 'start' });
  expect(run.state()).toBe(before);
});
