import { expect, test } from 'vitest';
import { fakeRun } from '../../../support/fake-run.ts';

test('a task that waits for others names them', () => {
  const run = fakeRun({ tasks: { a: {}, b: {}, one: { after: ['a'] }, two: { after: ['a', 'b'] } } });
  expect(run.why('one')).toBe('waits for a');
  expect(run.why('two')).toBe('waits for a +1');
});

test('a task that waits for a gate names it', () => {
  const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] } }, checks: { rows: { after: ['a'], gate: true } } });
  expect(run.why('b')).toBe('waits for a');
  run.exit('a');
  expect(run.why('b')).toBe('waits for check rows');
});

test('a task that is ready names what it lacks: a slot, a place in a pool, connections', () => {
  const slots = fakeRun({ tasks: { a: {}, b: {}, c: {} } }, { maxParallel: 2 });
  expect(slots.why('c')).toBe('all 2 slots are busy');
  const pool = fakeRun({ pools: { odds_api: 1 }, tasks: { a: { pools: ['odds_api'] }, b: { pools: ['odds_api'] } } });
  expect(pool.why('b')).toBe('pool odds_api is full: a holds it');
  const tasks = { a: { connections: 46 }, b: { connections: 3 }, c: { connections: 1 }, d: {} };
  const connections = fakeRun({ tasks }, { connectionBudget: 48 });
  expect(connections.why('b')).toBe('needs 3 connections, 2 of 48 free: a holds 46');
  expect(connections.why('c')).toBe('the next free connections are for b');
  expect(connections.why('d')).toBeUndefined();
});

test('of many that hold a pool or the connections two are named, those with the most connections', () => {
  const names = ['a', 'b', 'c', 'd'];
  const tasks = Object.fromEntries([...names, 'last'].map((name) => [name, { pools: ['api'] }]));
  const full = fakeRun({ pools: { api: 4 }, tasks });
  expect(full.why('last')).toBe('pool api is full: a, b and 2 more hold it');
  full.exit('c');
  expect(full.why('last')).toBeUndefined();
  const two = fakeRun({ pools: { api: 2 }, tasks });
  expect(two.why('last')).toBe('pool api is full: a and b hold it');
  const needy = { a: { connections: 3 }, b: { connections: 5 }, c: { connections: 1 }, last: { connections: 4 } };
  expect(fakeRun({ tasks: needy }, { connectionBudget: 10 }).why('last')).toBe(
    'needs 4 connections, 1 of 10 free: b holds 5, a 3, c 1',
  );
});

test('a task in back-off counts down', () => {
  const run = fakeRun({ tasks: { a: { retry: { retries: 1, initialMs: 4000 } } } });
  run.exit('a', 1);
  expect(run.why('a')).toBe('retry in 4s');
  run.pass(3200);
  expect(run.why('a')).toBe('retry in 1s');
});

test.each([
  { seconds: 90, words: 'retry in 1m30s' },
  { seconds: 7260, words: 'retry in 2h01m' },
])('long delays are written in larger units: $words', ({ seconds, words }) => {
  const run = fakeRun({ tasks: { a: { retry: { retries: 1, maxRetryAfterMs: 86_400_000 } } } });
  run.report('a', { retryAfterSeconds: seconds });
  run.exit('a', 1);
  expect(run.why('a')).toBe(words);
});

test('in a paused run the pause is the reason', () => {
  const run = fakeRun({ tasks: { a: {}, b: {} } }, { maxParallel: 1 });
  run.pause();
  expect(run.why('b')).toBe('run is paused');
});

test('a task that runs or has ended waits for nothing', () => {
  const run = fakeRun({ tasks: { a: {}, b: {} } });
  run.exit('a');
  expect([run.why('a'), run.why('b')]).toEqual([undefined, undefined]);
});
