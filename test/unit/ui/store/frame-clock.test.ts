import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFrameClock } from '../../../../src/ui/store/frame-clock.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance'] }));
afterEach(() => vi.useRealTimers());

/** A clock, with the milliseconds at which it drew; a frame takes `costMs`. */
function clockOf(nextMs: number | undefined, costMs = 0) {
  const frames: number[] = [];
  const begun = performance.now();
  const clock = createFrameClock(() => {
    frames.push(Math.round(performance.now() - begun));
    vi.advanceTimersByTime(costMs);
    return nextMs;
  });
  return { clock, frames };
}

test('no frame is drawn without a change', () => {
  const { frames } = clockOf(undefined);
  vi.advanceTimersByTime(10_000);
  expect(frames).toEqual([]);
});

test('many changes are one frame every 100 ms', () => {
  const { clock, frames } = clockOf(undefined);
  for (let ms = 0; ms < 1_000; ms += 1) {
    clock.changed();
    vi.advanceTimersByTime(1);
  }
  expect(frames.length).toBeGreaterThanOrEqual(10);
  expect(frames.length).toBeLessThanOrEqual(11);
});

test('a key is drawn within 33 ms, also when a frame has just been drawn', () => {
  const { clock, frames } = clockOf(undefined);
  clock.changed();
  vi.advanceTimersByTime(1);
  clock.pressed();
  vi.advanceTimersByTime(33);
  expect(frames).toHaveLength(2);
});

test('a key does not wait for the frame of an earlier change', () => {
  const { clock, frames } = clockOf(undefined);
  clock.changed();
  vi.advanceTimersByTime(1);
  clock.changed();
  clock.pressed();
  vi.advanceTimersByTime(34);
  expect(frames).toHaveLength(2);
  vi.advanceTimersByTime(1_000);
  expect(frames).toHaveLength(2);
});

test('animations are drawn repeatedly, until the clock is stopped', () => {
  const { clock, frames } = clockOf(100);
  clock.changed();
  vi.advanceTimersByTime(950);
  expect(frames).toHaveLength(10);
  clock.stop();
  vi.advanceTimersByTime(1_000);
  clock.changed();
  vi.advanceTimersByTime(1_000);
  expect(frames).toHaveLength(10);
});

test('a screen that is slow to draw is drawn less often, for a fifth of the time at most', () => {
  const { clock, frames } = clockOf(100, 60);
  clock.changed();
  vi.advanceTimersByTime(3_000);
  for (const [place, at] of frames.slice(1).entries()) expect(at - frames[place]!).toBeGreaterThanOrEqual(360);
  expect(frames.length).toBeGreaterThan(5);
});
