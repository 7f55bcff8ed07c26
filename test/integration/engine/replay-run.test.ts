import { writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EpochMs, RunId, TaskId } from '../../../src/engine/model/ids.ts';
import { createPlaybackClock } from '../../../src/engine/runs/playback-clock.ts';
import { openReplay } from '../../../src/engine/runs/replay-run.ts';
import { openOutputLog } from '../../../src/engine/storage/logs/output-log.ts';
import { runPaths } from '../../../src/engine/storage/runs/run-paths.ts';
import { encodeSample } from '../../../src/engine/storage/runs/sample-line.ts';
import { type FakeRun, noon, resumedRun } from '../../support/fake-run.ts';
import { freshLogDir, storeRun } from './store-run.ts';

const pipeline = `
version: 1
name: chain
tasks:
  first: { command: "true" }
  second: { command: "true", dependencies: [first] }
`;
const run = '20260105_120000_test' as RunId;

/** `first` takes 200 ms, `second` an hour. */
async function openChain(speed = 1) {
  const logDir = freshLogDir();
  const played = await storeRun(logDir, pipeline, (it) => {
    it.pass(200);
    it.exit('first');
    it.pass(3_600_000);
    it.exit('second', 1);
  });
  const replay = openReplay(logDir, run, speed);
  if (!replay.ok) throw new Error(replay.error.message);
  onTestFinished(replay.value.close);
  return { replay: replay.value, played, logDir };
}

const statesOf = (replay: Awaited<ReturnType<typeof openChain>>['replay']) =>
  replay
    .state()
    .tasks.chunks.flat()
    .map(({ state }) => state.kind);

describe('a replay', () => {
  it('moves through the time of the run in both directions, and is at each moment what the run was then', async () => {
    const { replay, played } = await openChain();
    const { playback } = replay;
    const rewound: string[][] = [];
    playback.onRewind((events) => rewound.push(events.map(({ type }) => type)));
    playback.skip(100);
    expect(statesOf(replay)).toEqual(['running', 'waiting']);
    expect(playback.position()).toMatchObject({ elapsedMs: 100, totalMs: 3_600_200, rewinds: 0, isPlaying: false });
    playback.skip(1_000_000);
    expect(statesOf(replay)).toEqual(['succeeded', 'running']);
    playback.skip(Number.POSITIVE_INFINITY);
    expect(playback.position().isAtEnd).toBe(true);
    expect(statesOf(replay)).toEqual(['succeeded', 'failed']);
    playback.skip(-1_000);
    expect(statesOf(replay)).toEqual(['succeeded', 'running']);
    expect(rewound).toEqual([played.events.filter(({ at }) => at <= noon + 200).map(({ type }) => type)]);
    playback.skip(Number.NEGATIVE_INFINITY);
    expect(playback.position()).toMatchObject({ elapsedMs: 0, rewinds: 2 });
    playback.toEnd();
    expect(replay.state().phase.kind).toBe('finished');
  });

  it('shows of a log what had been printed by then, and less again when it goes back', async () => {
    const { replay, logDir } = await openChain();
    const tasks = runPaths(logDir, run).tasks;
    let now = noon + 50;
    const logs = openOutputLog(
      tasks,
      () => {},
      false,
      () => now as EpochMs,
    );
    const output = logs.open('first' as TaskId, 1);
    output.write('stdout', Buffer.from('early\n'));
    now = noon + 150;
    output.write('stdout', Buffer.from('late\n'));
    output.close();
    const shown = async () => {
      const log = replay.openLog('first' as TaskId, 1);
      const lines = await log.last(10);
      await log.close();
      return lines.map(({ text }) => text);
    };
    expect(await shown()).toEqual([]);
    replay.playback.skip(100);
    expect(await shown()).toEqual(['early']);
    replay.playback.toEnd();
    expect(await shown()).toEqual(['early', 'late']);
    replay.playback.skip(Number.NEGATIVE_INFINITY);
    expect(await shown()).toEqual([]);
  });

  it('goes from event to event and from failure to failure', async () => {
    const { replay } = await openChain();
    const { playback } = replay;
    const told: string[] = [];
    for (let event = playback.jump('event', 1); event !== undefined; event = playback.jump('event', 1)) {
      told.push('task' in event ? `${event.type} ${event.task}` : event.type);
    }
    const all = ['task.started first', 'task.finished first', 'task.started second', 'task.finished second'];
    expect(told.filter((one) => one.startsWith('task.'))).toEqual(all);
    expect(playback.position().isAtEnd).toBe(true);
    expect(playback.jump('failure', -1)).toMatchObject({ type: 'task.finished', task: 'second' });
    expect(playback.jump('failure', -1)).toBeUndefined();
    expect(playback.jump('event', -1)).toMatchObject({ type: 'task.started', task: 'second' });
    expect(statesOf(replay)).toEqual(['succeeded', 'running']);
    expect(playback.jump('failure', 1)).toMatchObject({ task: 'second' });
    expect(statesOf(replay)).toEqual(['succeeded', 'failed']);
  });

  it('starts at the beginning, plays every event in order, and ends as the run did', async () => {
    const { replay, played } = await openChain(1000);
    expect(statesOf(replay)).toEqual(['waiting', 'waiting']);
    expect(replay.now()).toBe(noon);
    const seen: string[] = [];
    const times: number[] = [];
    replay.subscribe((event) => {
      seen.push(event.type);
      times.push(replay.now() - event.at);
    });
    replay.playback.resume();
    await expect.poll(() => replay.playback.position().isAtEnd).toBe(true);
    expect(seen).toEqual(played.events.map(({ type }) => type));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
    const { plan: _plan, ...state } = replay.state();
    const { plan: _other, ...before } = played.state();
    expect(state).toEqual(before);
    expect(replay.now()).toBe(played.now());
    expect(replay.playback.position().isPlaying).toBe(false);
  });

  it('judges the run by its SLAs as far as it has played', async () => {
    const logDir = freshLogDir();
    await storeRun(logDir, `${pipeline}slas: { run: 1m, memory: 0.5 }\n`, (it) => {
      it.pass(1000);
      it.exit('first');
      it.pass(119_000);
      it.exit('second');
    });
    const { samples } = runPaths(logDir, run);
    const machine = { cpu: 0, memoryBytes: 1, cores: 1, memoryLimitBytes: 2, tasks: new Map() };
    const lines = [500, 900, 1500].map((ms) => encodeSample({ ...machine, at: (noon + ms) as EpochMs, memory: 0.6 }));
    writeFileSync(samples, lines.join(''));
    const replay = openReplay(logDir, run, 1000);
    if (!replay.ok) throw new Error(replay.error.message);
    onTestFinished(replay.value.close);
    expect(replay.value.slas?.()).toEqual([]);
    replay.value.playback.resume();
    await expect.poll(() => replay.value.slas?.().map(({ status }) => status)).toEqual(['missed', 'missed']);
    await expect.poll(() => replay.value.playback.position().isAtEnd).toBe(true);
    expect(replay.value.slas?.().map(({ sla, message }) => `${sla} ${message}`)).toEqual([
      'run took 2m00s, limit 1m',
      'memory 60 % of the memory at most, limit 50 %',
    ]);
  });

  it('shows the end at once when asked to, and tells every event on the way', async () => {
    const { replay, played } = await openChain();
    const seen: string[] = [];
    replay.subscribe((event) => seen.push(event.type));
    replay.playback.resume();
    replay.playback.toEnd();
    expect(replay.playback.position()).toMatchObject({ isAtEnd: true, isPlaying: false });
    expect(seen).toEqual(played.events.map(({ type }) => type));
    expect(statesOf(replay)).toEqual(['succeeded', 'failed']);
    expect(replay.now()).toBe(played.now());
  });

  it('lets no time pass in which nobody carried the run out', async () => {
    const logDir = freshLogDir();
    const resume = (it: FakeRun) => {
      // A minute later.
      const resumed = resumedRun(it);
      resumed.exit('first');
      resumed.exit('second');
      return resumed;
    };
    await storeRun(logDir, pipeline, (it) => it.pass(200), { resume });
    const replay = openReplay(logDir, run, 1);
    if (!replay.ok) throw new Error(replay.error.message);
    onTestFinished(replay.value.close);
    const { now, state, playback } = replay.value;
    playback.resume();
    let latest = 0;
    const isResumed = () => {
      if (state().continued === undefined) latest = Math.max(latest, now());
      return state().continued !== undefined;
    };
    await expect.poll(isResumed, { interval: 20 }).toBe(true);
    expect(latest - noon).toBe(200);
    await expect.poll(() => playback.position().isAtEnd).toBe(true);
    expect(now() - noon).toBe(60_200);
  });

  it('opens another run of its directory, and says when there is none', async () => {
    const { replay } = await openChain();
    const opened = await replay.openPast(run);
    if (!opened.ok) throw new Error(opened.error.message);
    expect(opened.value.playback.position()).toMatchObject({ isAtEnd: false, isPlaying: false });
    opened.value.close();
    expect(await replay.openPast('20260101_000000_gone' as RunId)).toMatchObject({
      ok: false,
      error: { code: 'run/unknown-run' },
    });
  });

  it('accepts no actions on tasks', async () => {
    const { replay } = await openChain();
    expect(replay.intend({ type: 'pause' })).toContain('a replay accepts no actions');
    expect(replay.samples()).toEqual([]);
    expect(await replay.pastRuns()).toEqual([]);
  });

  it('of a run that does not exist is refused', () => {
    const opened = openReplay(freshLogDir(), run, 1);
    expect(opened.ok ? '' : opened.error.code).toBe('run/unknown-run');
  });
});

describe('the time of a replay', () => {
  const times = [1000, 2000, 101_000] as EpochMs[];

  it('advances at the chosen speed, and stands still before play and during a pause', () => {
    const clock = createPlaybackClock(times, 2);
    expect(clock.at(50)).toBe(1000);
    expect(clock.dueIn(50)).toBeUndefined();
    clock.moveTo(1000 as EpochMs, 1, 50);
    clock.play(50);
    expect(clock.dueIn(50)).toBe(500);
    expect(clock.at(150)).toBe(1200);
    clock.pause(150);
    expect(clock.at(9000)).toBe(1200);
    clock.play(9000);
    clock.setSpeed(4, 9100);
    expect(clock.at(9100)).toBe(1400);
    expect(clock.dueIn(9100)).toBe(150);
  });

  it('skips an hour without events within two seconds, and never skips an event', () => {
    const clock = createPlaybackClock(times, 1);
    clock.play(0);
    clock.moveTo(2000 as EpochMs, 2, 0);
    expect(clock.dueIn(0)).toBe(2000);
    expect(clock.at(1000)).toBe(51_500);
    expect(clock.at(5000)).toBe(101_000);
    clock.moveTo(101_000 as EpochMs, 3, 5000);
    expect(clock.dueIn(5000)).toBeUndefined();
    expect(clock.at(9000)).toBe(101_000);
  });
});
