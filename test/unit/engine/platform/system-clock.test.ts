import { afterEach, describe, expect, test, vi } from 'vitest';
import type { EpochMs } from '../../../../src/engine/model/ids.ts';
import { systemClock } from '../../../../src/engine/platform/system-clock.ts';

const hour = 3_600_000;

afterEach(() => void vi.restoreAllMocks());

/** The system's clock is set, as by a person or a time server. */
function setClock(by: number): void {
  const real = Date.now.bind(Date);
  vi.spyOn(Date, 'now').mockImplementation(() => real() + by);
}

describe.each([
  ['an hour ahead', hour],
  ['an hour back', -hour],
  ['to 1970', -Date.now()],
])('when the clock of the system is set %s', (_what, by) => {
  test('moments of a run go on from where they were', () => {
    const clock = systemClock();
    const before = clock.now();
    setClock(by);
    const after = clock.now();
    expect(after).toBeGreaterThanOrEqual(before);
    expect(after - before).toBeLessThan(60_000);
  });

  test.each(['all', 'awake'] as const)('a timer that is under way (%s) fires after its time', async (counted) => {
    const clock = systemClock();
    const started = performance.now();
    const fired = new Promise<void>((resolve) => {
      clock.setTimer((clock.now() + 100) as EpochMs, resolve, counted);
    });
    setClock(by);
    await fired;
    // Both clocks are rounded; an hour or nothing is what a timer of the system's time would be off by.
    expect(performance.now() - started).toBeGreaterThanOrEqual(95);
  });
});
