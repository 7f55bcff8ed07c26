import { expect, it } from 'vitest';
import { startAwakeTimer } from '../../../../src/engine/platform/awake-timer.ts';

it('fires after its time, and not when it is cancelled', async () => {
  const fired: string[] = [];
  startAwakeTimer(5, () => fired.push('cancelled')).cancel();
  await new Promise<void>((resolve) => startAwakeTimer(20, resolve));
  await new Promise<void>((resolve) => startAwakeTimer(-1, resolve));
  expect(fired).toEqual([]);
});

it('does not count the time in which the process was suspended', async () => {
  const started = performance.now();
  const fired = new Promise<number>((resolve) => startAwakeTimer(1_200, () => resolve(performance.now())));
  standStill(2_500);
  const awakeMs = (await fired) - started - 2_500;
  expect(awakeMs).toBeGreaterThanOrEqual(600);
});

it('handles what came in during a suspension before it fires', async () => {
  const happened: string[] = [];
  const fired = new Promise<void>((resolve) =>
    startAwakeTimer(100, () => {
      happened.push('fired');
      resolve();
    }),
  );
  setTimeout(() => setTimeout(() => happened.push('heard'), 50), 50);
  standStill(1_300);
  await fired;
  expect(happened).toEqual(['heard', 'fired']);
});

/** As a stopped process does: nothing of its event loop happens. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
