import { expect, test } from 'vitest';
import { openRequestGate } from '../../../../etl/sources/request-gate.ts';
import { requestsAtOnce } from '../../../../etl/sources/requests-at-once.ts';

const refusal = (headers: Record<string, string> = {}) => ({ status: 429, headers: new Headers(headers) });

test('requests that all want to go out at once go out at the rate, never more in any stretch of time', async () => {
  const gate = openRequestGate(50);
  const begun = performance.now();
  const times = await Promise.all(
    Array.from({ length: 30 }, async () => {
      await gate.turn();
      return performance.now();
    }),
  );
  for (const [index, at] of times.entries()) expect(at - begun).toBeGreaterThanOrEqual(index * 20);
});

test('after a 429 requests that were waiting wait for the pause too, and then go out at half the rate', async () => {
  const gate = openRequestGate(100);
  await gate.turn();
  const waiting = Array.from({ length: 5 }, async () => {
    await gate.turn();
    return performance.now();
  });
  const refusedAt = performance.now();
  // Three refusals of requests that were under way together.
  for (let refusals = 0; refusals < 3; refusals++) gate.answered(refusal({ 'retry-after': '1' }));
  const times = (await Promise.all(waiting)).sort((a, b) => a - b);
  for (const [index, at] of times.entries()) expect(at - refusedAt).toBeGreaterThanOrEqual(1_000 + index * 20);
});

test('a wait for the turn ends with the signal', async () => {
  const gate = openRequestGate(100);
  gate.answered(refusal({ 'retry-after': '600' }));
  const stop = new AbortController();
  const waiting = gate.turn(stop.signal);
  stop.abort(new Error('no more'));
  await expect(waiting).rejects.toThrow('no more');
});

test('other answers hold nothing back', async () => {
  const gate = openRequestGate(100);
  gate.answered({ status: 200, headers: new Headers({ 'retry-after': '600' }) });
  gate.answered(undefined);
  await gate.turn();
});

test('the number of requests at once can be lowered by a variable, not raised', () => {
  expect(requestsAtOnce(8, {})).toBe(8);
  expect(requestsAtOnce(8, { ETL_REQUESTS_AT_ONCE: '1' })).toBe(1);
  expect(requestsAtOnce(8, { ETL_REQUESTS_AT_ONCE: '100' })).toBe(8);
  expect(() => requestsAtOnce(8, { ETL_REQUESTS_AT_ONCE: '0' })).toThrow(/whole number from 1/);
});
