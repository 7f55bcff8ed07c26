import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EpochMs } from '../../../../src/engine/index.ts';
import { replay } from '../../../../src/engine/scheduler/state/replay.ts';
import { pressKey } from '../../../../src/ui/keys/press-key.ts';
import type { ScreenHost } from '../../../../src/ui/store/command-performer.ts';
import { createScreenStore, type ScreenStore } from '../../../../src/ui/store/screen-store.ts';
import { halfWayRun } from '../support/half-way-run.ts';
import { type FakeRunSource, fakeRunSource, until } from '../support/watched-run.ts';

let run: FakeRunSource;
let store: ScreenStore;
let left: string[];

beforeEach(() => {
  // Only time goes by as a test wants it; timers are real.
  vi.useFakeTimers({ toFake: ['performance'], shouldAdvanceTime: true });
  run = fakeRunSource();
  left = [];
  const nothing = () => {};
  const host: ScreenHost = {
    leave: (how) => left.push(how),
    copy: (text) => left.push(`copied ${text}`),
    page: nothing,
    show: nothing,
    suspend: nothing,
    repaint: nothing,
    setMouse: nothing,
  };
  store = createScreenStore(run.source, host, { lengthOf: () => 0, topOf: () => 0 }, { columns: 120, rows: 40 });
});
afterEach(() => {
  store.close();
  run.close();
  vi.useRealTimers();
});

function press(...keys: readonly string[]): void {
  for (const key of keys) store.update((view) => pressKey(view, key));
}

const { state, now } = halfWayRun();
const at = (now + 1_000) as EpochMs;
const over = replay(state.plan, state.options, [{ type: 'run.finished', at, status: 'cancelled' }]);

describe('a message in the footer', () => {
  test('gives the reason of a refusal, and disappears', async () => {
    run.refuse('task nflverse_pbp is running; cancel it first');
    press('r');
    await until(() => store.frame().screen.message !== undefined);
    expect(store.frame().screen.message?.text).toBe('retry: task nflverse_pbp is running; cancel it first');
    vi.advanceTimersByTime(5_000);
    await until(() => store.frame().screen.message === undefined);
  });

  test('confirms an action when nothing else shows it', async () => {
    press('+');
    await until(() => store.frame().screen.message?.text === 'up to 9 tasks at once');
    expect(run.intents).toEqual([{ type: 'limit', maxParallel: 9 }]);
  });
});

test('each of several keys typed ahead sees the effect of the previous one', () => {
  press('Home', 'j', 'j', 'j', 'y');
  expect(left).toEqual(['copied stadium_reference']);
});

describe('quitting', () => {
  test('cancels a running run, and closes when it is over', () => {
    press('q', 'y');
    expect(run.intents).toEqual([{ type: 'cancel' }]);
    expect(left).toEqual([]);
    run.emit({ type: 'run.finished', at, status: 'cancelled' }, over);
    expect(left).toEqual(['quit']);
  });

  test('closes at once when the run is over', () => {
    run.emit({ type: 'run.finished', at, status: 'cancelled' }, over);
    expect(left).toEqual([]);
    press('q');
    expect(left).toEqual(['quit']);
  });
});

test('without an event, a key or an animation no frame is drawn', async () => {
  run.emit({ type: 'run.finished', at, status: 'cancelled' }, { ...over, running: 0 });
  let frames = 0;
  await new Promise((resolve) => setTimeout(resolve, 300));
  const unsubscribe = store.subscribe(() => {
    frames += 1;
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(frames).toBe(0);
  press('j');
  await until(() => frames === 1);
  unsubscribe();
});
