import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EpochMs, RunId } from '../../../../src/engine/model/ids.ts';
import { createRunDirectory } from '../../../../src/engine/storage/runs/run-directory.ts';
import { newRunId } from '../../../../src/engine/storage/runs/run-id.ts';
import { freshDirectory, smallDisk } from './fresh-directory.ts';
import { buildProgram, startProgram } from './start-program.ts';

const run = '20260105_070000_ab12' as RunId;
const pipeline = { text: 'name: nfl\ntasks: {}', stored: '{}\n', planHash: '0123456789abcdef' };

const isRoot = process.getuid?.() === 0;

describe('a run id', () => {
  it('is the time in UTC and four random characters', () => {
    const now = Date.UTC(2026, 0, 5, 7, 8, 9, 999) as EpochMs;
    expect(newRunId(now, () => 0)).toBe('20260105_070809_aaaa');
    expect(newRunId(now, () => 1 - 2 ** -53)).toBe('20260105_070809_9999');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (at) => {
        expect(newRunId(at as EpochMs, Math.random)).toMatch(/^\d{8}_\d{6}_[a-z0-9]{4}$/);
      }),
    );
  });
});

describe('the directory of a run', () => {
  it('is readable by its user only, and holds the pipeline and its hash', () => {
    const logDir = join(freshDirectory(), 'logs', 'etl');
    const created = createRunDirectory({ logDir, run, pipeline });
    if (!created.ok) throw new Error(created.error.message);
    const { value: paths } = created;
    for (const path of [logDir, join(logDir, 'runs'), paths.directory, paths.tasks, join(logDir, 'performance')]) {
      expect([path, statSync(path).mode & 0o777]).toEqual([path, 0o700]);
    }
    expect(statSync(paths.pipeline).mode & 0o777).toBe(0o600);
    expect(readFileSync(paths.pipeline, 'utf8')).toBe('name: nfl\ntasks: {}\n# etl-tui plan 0123456789abcdef\n');
    expect(paths).toEqual({
      directory: join(logDir, 'runs', run),
      journal: join(logDir, 'runs', run, 'journal.jsonl'),
      samples: join(logDir, 'runs', run, 'samples.jsonl'),
      pipeline: join(logDir, 'runs', run, 'pipeline.yaml'),
      stored: join(logDir, 'runs', run, 'pipeline.json'),
      runDir: join(logDir, 'runs', run, 'work'),
      tasks: join(logDir, 'runs', run, 'tasks'),
      result: join(logDir, `parallel_run_${run}.json`),
      consistency: join(logDir, `consistency_${run}.json`),
      performance: join(logDir, 'performance', `execution_${run}.json`),
    });
  });

  it('is closed to other users, but the log directory keeps its permissions', () => {
    const logDir = freshDirectory();
    mkdirSync(join(logDir, 'runs'));
    for (const path of [logDir, join(logDir, 'runs')]) chmodSync(path, 0o755);
    expect(createRunDirectory({ logDir, run, pipeline }).ok).toBe(true);
    expect(statSync(join(logDir, 'runs')).mode & 0o777).toBe(0o700);
    expect(statSync(logDir).mode & 0o777).toBe(0o755);
  });

  it('is closed to other users whatever the umask is', async () => {
    const logDir = freshDirectory();
    const program = startProgram(buildProgram('create-run-directory'), [logDir, run, '0']);
    expect(await program.line()).toBe('created');
    for (const name of ['journal.jsonl', 'pipeline.yaml', 'pipeline.json', 'tasks/games/1.log']) {
      expect([name, statSync(join(logDir, 'runs', run, name)).mode & 0o777]).toEqual([name, 0o600]);
    }
    for (const name of ['', 'tasks', 'tasks/games']) {
      expect([name, statSync(join(logDir, 'runs', run, name)).mode & 0o777]).toEqual([name, 0o700]);
    }
  });

  it('is never that of another run', () => {
    const logDir = freshDirectory();
    expect(createRunDirectory({ logDir, run, pipeline }).ok).toBe(true);
    expect(createRunDirectory({ logDir, run, pipeline })).toMatchObject({
      error: {
        code: 'run/cannot-write',
        message: `Cannot write "${join(logDir, 'runs', run)}": it already exists`,
      },
    });
  });

  it('names the path and the reason when a file is in the way', () => {
    const logDir = freshDirectory();
    writeFileSync(join(logDir, 'runs'), '');
    const created = createRunDirectory({ logDir, run, pipeline });
    expect(created).toMatchObject({
      error: { code: 'run/cannot-write', severity: 'error', message: expect.stringContaining(join(logDir, 'runs')) },
    });
    expect(readdirSync(logDir)).toEqual(['runs']);
  });

  it('names the disk that is full', ({ skip }) => {
    const disk = smallDisk();
    if (disk === undefined) return skip('this user may not mount a disk');
    const large = { ...pipeline, text: '#'.repeat(100_000) };
    expect(createRunDirectory({ logDir: disk, run, pipeline: large })).toMatchObject({
      error: {
        message: `Cannot write "${join(disk, 'runs', run, 'pipeline.yaml')}": no space is left`,
        hint: 'free some space, or choose another directory with --log-dir',
      },
    });
  });

  it('does not follow or change a symbolic link in place of one of its directories', () => {
    const elsewhere = freshDirectory();
    chmodSync(elsewhere, 0o755);
    for (const name of ['runs', 'performance']) {
      const logDir = freshDirectory();
      symlinkSync(elsewhere, join(logDir, name));
      expect(createRunDirectory({ logDir, run, pipeline })).toMatchObject({
        error: { message: `Cannot write "${join(logDir, name)}": it is a symbolic link` },
      });
    }
    expect(statSync(elsewhere).mode & 0o777).toBe(0o755);
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it.runIf(isRoot)(
    'refuses a log directory of another user that anybody may write, and accepts one that only its owner may',
    () => {
      const logDir = freshDirectory();
      chownSync(logDir, 4242, 4242);
      chmodSync(logDir, 0o777);
      expect(createRunDirectory({ logDir, run, pipeline })).toMatchObject({
        error: { message: `Cannot write "${logDir}": it belongs to another user and is writable by others` },
      });
      expect(statSync(logDir).mode & 0o777).toBe(0o777);
      chmodSync(logDir, 0o755);
      mkdirSync(join(logDir, 'runs'), { mode: 0o700 });
      chownSync(join(logDir, 'runs'), 4242, 4242);
      expect(createRunDirectory({ logDir, run, pipeline }).ok).toBe(true);
    },
  );

  it.runIf(isRoot)('that cannot be written or belongs to another user is an error', async () => {
    const file = buildProgram('create-run-directory');
    chmodSync(file, 0o644);
    chmodSync(join(file, '..'), 0o755);
    const stranger = { uid: 65_534 };
    const closed = freshDirectory();
    chmodSync(closed, 0o755);
    expect(await startProgram(file, [closed, run, '18'], stranger).line()).toContain('permission denied');

    const lent = freshDirectory();
    chmodSync(lent, 0o777);
    mkdirSync(join(lent, 'runs'), { mode: 0o700 });
    chmodSync(join(lent, 'runs'), 0o777);
    chownSync(join(lent, 'runs'), 4242, 4242);
    expect(await startProgram(file, [lent, run, '18'], stranger).line()).toBe(
      `run/cannot-write: Cannot write "${join(lent, 'runs')}": permission denied`,
    );
    expect(existsSync(join(lent, 'runs', run))).toBe(false);
  });
});
