import { appendFileSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EpochMs, RunId } from '../../../src/engine/model/ids.ts';
import { ownIdentity } from '../../../src/engine/platform/process-identity.ts';
import { findRun } from '../../../src/engine/runs/find-run.ts';
import { followTask } from '../../../src/engine/runs/follow-task.ts';
import { listRuns } from '../../../src/engine/runs/list-runs.ts';
import { readRun } from '../../../src/engine/runs/read-run.ts';
import { openReplay } from '../../../src/engine/runs/replay-run.ts';
import { reportRun } from '../../../src/engine/runs/report-run.ts';
import { replay } from '../../../src/engine/scheduler/state/replay.ts';
import { encodeRecord } from '../../../src/engine/storage/journal/journal-record.ts';
import { startHeartbeat } from '../../../src/engine/storage/runs/heartbeat.ts';
import { runPaths } from '../../../src/engine/storage/runs/run-paths.ts';
import { noon } from '../../support/fake-run.ts';
import { freshLogDir, storeRun } from './store-run.ts';

const pipeline = `
version: 1
name: nfl
params: { season: { default: "2024" } }
pipelines:
  load: { tasks: [games, rosters, odds] }
  mart_parallel: { tasks: [mart] }
tasks:
  games: { command: "true" }
  rosters: { command: "true", dependencies: [games] }
  odds: { command: "true", retries: 1 }
  mart: { command: "true", dependencies: [rosters, odds] }
checks:
  - { name: orphans, after: [rosters], gate: true, sql: "SELECT 0", expect: 0 }
`;
const run = '20260105_120000_test' as RunId;
const now = (noon + 60_000) as EpochMs;

describe('a stored run', () => {
  it.each([
    ['all of it', {}, {}],
    ['without its checks', {}, { runChecks: false }],
    [
      'one after the other, with a budget and parameters',
      {},
      { sequential: true, maxParallel: 1, connectionBudget: 7, params: { season: '2025' } },
    ],
    [
      'with what earlier runs told',
      {},
      { queueOrder: [2, 0, 3, 1], needs: { odds: { cpu: 0.5, connections: 1 } }, timeoutsMs: { games: 1000 } },
    ],
    ['a part', { only: ['load'], skip: ['games'] }, {}],
    ['another part', { from: ['rosters'], until: ['mart'] }, { maxParallel: 2 }],
  ])('has the plan, the options and the state of the run: %s', async (_, selection, options) => {
    const logDir = freshLogDir();
    const played = await storeRun(
      logDir,
      pipeline,
      (it) => {
        for (const task of it.running()) it.exit(task);
      },
      { selection, options },
    );
    const kept = readRun(logDir, run);
    if (!kept.ok) throw new Error(kept.error.message);
    expect(kept.value.plan.hash).toBe(played.plan.hash);
    expect(kept.value.options).toEqual(played.state().options);
    const { plan: _plan, ...state } = replay(kept.value.plan, kept.value.options, kept.value.events);
    const { plan: _other, ...before } = played.state();
    expect(state).toEqual(before);
  });

  it('can be read when thousands of tasks were selected by name', async () => {
    const names = Array.from({ length: 2000 }, (_, at) => `task_${at}`);
    const text = `version: 1\nname: large\ntasks:\n${names.map((name) => `  ${name}: { command: "true" }\n`).join('')}`;
    const logDir = freshLogDir();
    const played = await storeRun(logDir, text, () => {}, { selection: { only: names.slice(1) } });
    const kept = readRun(logDir, run);
    expect(kept.ok && kept.value.plan.hash).toBe(played.plan.hash);
  });

  it('whose order of tasks is not one of its pipeline is refused', async () => {
    for (const queueOrder of [
      [0, 1, 2],
      [0, 1, 2, 2],
      [0, 1, 2, 4],
    ]) {
      const logDir = freshLogDir();
      await storeRun(logDir, pipeline, () => {});
      const { journal } = runPaths(logDir, run);
      const lines = readFileSync(journal, 'utf8').split('\n');
      const place = lines.findIndex((line) => line.includes('"run.started"'));
      const { seq, crc: _, ...started } = JSON.parse(lines[place]!);
      const before = lines.slice(0, place).map((line) => `${line}\n`);
      writeFileSync(journal, [...before, encodeRecord(seq, { ...started, queueOrder })].join(''));
      const kept = readRun(logDir, run);
      expect(kept.ok ? '' : kept.error.message).toContain('another order of tasks');
    }
  });

  it('of an earlier version is read from its pipeline file', async () => {
    const logDir = freshLogDir();
    const played = await storeRun(logDir, pipeline, () => {});
    rmSync(runPaths(logDir, run).stored);
    const kept = readRun(logDir, run);
    expect(kept.ok && [...kept.value.plan.indexOf.keys()]).toEqual([...played.plan.indexOf.keys()]);
  });

  it('that is missing, damaged or of another pipeline is refused with a reason', async () => {
    const logDir = freshLogDir();
    await storeRun(logDir, pipeline, () => {});
    const refusal = () => {
      const kept = readRun(logDir, run);
      return kept.ok ? '' : `${kept.error.code}: ${kept.error.message}`;
    };
    const paths = runPaths(logDir, run);
    rmSync(paths.stored);
    writeFileSync(paths.pipeline, 'version: 1\nname: nfl\ntasks:\n  other: { command: "true" }\n');
    expect(refusal()).toContain('its journal names tasks that its pipeline does not have');
    writeFileSync(paths.pipeline, 'nonsense');
    expect(refusal()).toContain('its pipeline cannot be read any more');
    rmSync(paths.pipeline);
    expect(refusal()).toContain('was deleted');
    writeFileSync(paths.journal, 'nonsense\n');
    expect(refusal()).toContain('its journal has no beginning');
    rmSync(paths.directory, { recursive: true });
    expect(refusal()).toContain('run/unknown-run');
  });
});

describe('a list of runs', () => {
  it('has the newest last, and distinguishes running, interrupted and finished runs', async () => {
    const logDir = freshLogDir();
    const play = { run: '20260101_000000_aaaa' };
    await storeRun(
      logDir,
      pipeline,
      (it) => {
        it.cancel();
        for (const task of it.running()) it.exit(task, 1);
      },
      play,
    );
    await storeRun(logDir, pipeline, () => {}, { run: '20260102_000000_bbbb' });
    await storeRun(logDir, pipeline, (it) => it.pass(5000), { run: '20260103_000000_cccc' });
    const owner = startHeartbeat(runPaths(logDir, '20260103_000000_cccc' as RunId).directory);
    const record = { run_id: 'x', pipeline: 'nfl', status: 'success', started_at: '2026-01-04T00:00:00.000Z' };
    const results = [{ status: 'success' }, { status: 'timeout' }];
    const more = { total_duration_seconds: 10, task_seconds: 25, active_seconds: 10, speedup: 2.5, results };
    writeFileSync(
      join(logDir, 'performance/execution_20260104_000000_dddd.json'),
      JSON.stringify({ ...record, ...more }),
    );
    writeFileSync(join(logDir, 'performance/.execution_20260104_000000_eeee.json.tmp'), '');
    const statuses = async () =>
      (await listRuns(logDir, 10, now)).map(({ run: id, status }) => `${id.slice(-4)} ${status}`);
    expect(await statuses()).toEqual(['aaaa cancelled', 'bbbb interrupted', 'cccc running', 'dddd success']);
    owner.stop();
    expect(await statuses()).toContain('cccc interrupted');
    expect((await listRuns(logDir, 1, now))[0]).toMatchObject({
      durationMs: 10_000,
      tasks: 2,
      failed: 1,
      speedup: 2.5,
    });
    expect((await listRuns(logDir, 4, now))[1]).toMatchObject({ pipeline: 'nfl', tasks: 4, failed: 0 });
  });

  it('measures a live run until now, and a killed one until its last heartbeat', async () => {
    const logDir = freshLogDir();
    await storeRun(logDir, pipeline, (it) => it.pass(100));
    const listed = async () => (await listRuns(logDir, 1, now))[0];
    expect(await listed()).toMatchObject({ status: 'interrupted', durationMs: 0 });
    const { directory } = runPaths(logDir, run);
    const owner = startHeartbeat(directory);
    expect(await listed()).toMatchObject({ status: 'running', durationMs: 60_000 });
    owner.stop();
    writeFileSync(join(directory, 'owner.json'), JSON.stringify({ ...ownIdentity(), boot: 'another' }));
    utimesSync(join(directory, 'owner.json'), new Date(noon + 2_500), new Date(noon + 2_500));
    expect(await listed()).toMatchObject({ status: 'interrupted', durationMs: 2_500 });
    const report = await reportRun(logDir, run, now);
    expect(report.ok && report.value.result.total_duration_seconds).toBe(2.5);
  });

  it('treats a run of another host as running while its heartbeat is recent', async () => {
    const logDir = freshLogDir();
    await storeRun(logDir, pipeline, (it) => it.pass(100));
    const path = join(runPaths(logDir, run).directory, 'owner.json');
    writeFileSync(path, JSON.stringify({ ...ownIdentity(), host: 'elsewhere' }));
    const status = async () => (await listRuns(logDir, 1, now))[0]?.status;
    expect(await status()).toBe('running');
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(path, longAgo, longAgo);
    expect(await status()).toBe('interrupted');
  });

  it('is empty where no run is stored', async () => {
    expect(await listRuns(join(freshLogDir(), 'absent'), 10, now)).toEqual([]);
  });

  it('finds a run by id, by prefix and as latest, and suggests similar ids', async () => {
    const logDir = freshLogDir();
    const found = async (text: string) => {
      const it = await findRun(logDir, text);
      return it.ok ? it.value : `${it.error.message} (${it.error.hint})`;
    };
    expect(await found('latest')).toContain('there are no runs in');
    for (const id of ['20260101_000000_aaaa', '20260102_000000_bbbb'])
      await storeRun(logDir, pipeline, () => {}, { run: id });
    expect(await found('latest')).toBe('20260102_000000_bbbb');
    expect(await found('20260101_000000_aaaa')).toBe('20260101_000000_aaaa');
    expect(await found('20260101')).toBe('20260101_000000_aaaa');
    expect(await found('2026')).toBe(
      '"2026" matches 2 runs (the latest of them: 20260101_000000_aaaa, 20260102_000000_bbbb)',
    );
    expect(await found('20260101_000000_aaab')).toContain('did you mean "20260101_000000_aaaa"?');
    expect(await found('../..')).toContain('etl-tui history lists the runs');
  });
});

describe('a report', () => {
  it('of a run without an end says how far it got', async () => {
    const logDir = freshLogDir();
    const played = await storeRun(logDir, pipeline, (it) => {
      it.pass(2000);
      it.exit('games');
    });
    appendFileSync(runPaths(logDir, run).journal, '{"seq":99,"torn');
    const report = await reportRun(logDir, run, (played.now() + 60_000) as EpochMs);
    if (!report.ok) throw new Error(report.error.message);
    expect(report.value.status).toBe('interrupted');
    expect(report.value.result.total_duration_seconds).toBe(2);
    expect(report.value.result.results.map(({ task, status }) => `${task} ${status}`)).toEqual([
      'games success',
      'rosters cancelled',
      'odds cancelled',
      'mart cancelled',
    ]);
    expect(report.value.performance).toBeUndefined();
  });

  it('of a run without results says how long its tasks waited, and for what', async () => {
    const logDir = freshLogDir();
    const played = await storeRun(logDir, pipeline, (it) => {
      it.pass(2000);
      it.exit('games');
      it.pass(500);
    });
    const report = await reportRun(logDir, run, played.now());
    if (!report.ok) throw new Error(report.error.message);
    const waited = report.value.result.results.map((row) => row.waiting_seconds);
    expect(waited).toEqual([undefined, { dependency: 2 }, undefined, undefined]);
  });
});

describe('runs that started in the same second', () => {
  it('are listed in the order of their start, whatever their ids, and the latest is the last started', async () => {
    const logDir = freshLogDir();
    const begin = (name: string, laterMs: number) =>
      storeRun(logDir, pipeline, () => {}, { run: `20260105_120000_${name}`, laterMs });
    for (const [name, laterMs] of [
      ['aaaa', 700],
      ['zzzz', 20],
      ['mmmm', 300],
    ] as const) {
      await begin(name, laterMs);
    }
    const names = (await listRuns(logDir, 10, noon)).map((listing) => listing.run.slice(-4));
    expect(names).toEqual(['zzzz', 'mmmm', 'aaaa']);
    expect(await findRun(logDir, 'latest')).toEqual({ ok: true, value: '20260105_120000_aaaa' });
  });
});

describe('a journal that is damaged', () => {
  /** Three tasks ran, and the line of the second one's end is garbage; returns the number of this line. */
  const damaged = async (): Promise<{ readonly logDir: string; readonly line: number }> => {
    const logDir = freshLogDir();
    await storeRun(logDir, pipeline, (it) => {
      for (const task of it.running()) it.exit(task);
    });
    const { journal } = runPaths(logDir, run);
    const lines = readFileSync(journal, 'utf8').split('\n');
    const at = lines.findIndex((line) => line.includes('task.finished')) + 1;
    lines[at] = 'garbage';
    writeFileSync(journal, lines.join('\n'));
    return { logDir, line: at + 1 };
  };

  it('is reported with the first damaged line, and what precedes it is shown', async () => {
    const { logDir, line } = await damaged();
    const report = await reportRun(logDir, run, 0 as EpochMs);
    if (!report.ok) throw new Error(report.error.message);
    const { status, damage, result } = report.value;
    expect(status).toBe('damaged');
    expect(damage).toMatchObject({ code: 'run/damaged-journal', severity: 'warning' });
    expect(damage?.message).toContain(`is damaged from line ${line} on (byte `);
    expect(result.results.map(({ status, error }) => [status, error])).toEqual([
      ['success', null],
      ['cancelled', 'unknown: the journal is damaged'],
      ['cancelled', 'unknown: the journal is damaged'],
      ['cancelled', 'unknown: the journal is damaged'],
    ]);
    expect(await listRuns(logDir, 1, noon)).toMatchObject([{ status: 'damaged', tasks: 4 }]);
  });

  it('is reported beside results that are complete', async () => {
    const { logDir, line } = await damaged();
    const paths = runPaths(logDir, run);
    writeFileSync(paths.result, JSON.stringify({ status: 'success', results: [] }));
    const report = await reportRun(logDir, run, 0 as EpochMs);
    if (!report.ok) throw new Error(report.error.message);
    expect(report.value.status).toBe('success');
    expect(report.value.damage?.message).toContain(`from line ${line} on`);
  });

  it('reports how many attempts a task with logs had', async () => {
    const { logDir } = await damaged();
    const { tasks } = runPaths(logDir, run);
    mkdirSync(join(tasks, 'mart'));
    writeFileSync(join(tasks, 'mart', '2.log'), 'merged');
    const followed = followTask(logDir, run, 'mart');
    if (!followed.ok) throw new Error(followed.error.message);
    expect(followed.value.damage?.code).toBe('run/damaged-journal');
    expect(followed.value.update()).toMatchObject({ attempts: 2, isRunning: false });
  });

  it.each([
    [
      'without its first event',
      (lines: readonly string[]) => [lines[0], ...lines.slice(2)].join('\n'),
      'from line 2 on',
    ],
    [
      'cut off in its first event',
      (lines: readonly string[]) => lines.slice(0, 2).join('\n').slice(0, -5),
      'in line 2',
    ],
    ['without anything', () => '', 'in line 1 (byte 0)'],
  ])('%s cannot be read, and the error says from which line', async (_, spoil, place) => {
    const { logDir } = await damaged();
    const { journal } = runPaths(logDir, run);
    writeFileSync(journal, spoil(readFileSync(journal, 'utf8').split('\n')));
    for (const looked of [await reportRun(logDir, run, 0 as EpochMs), openReplay(logDir, run, 1)]) {
      if (looked.ok) throw new Error('it was read');
      expect(looked.error).toMatchObject({ code: 'run/damaged-journal', severity: 'error' });
      expect(looked.error.message).toContain(place);
    }
    expect(await listRuns(logDir, 1, noon)).toMatchObject([{ status: 'damaged' }]);
  });
});
