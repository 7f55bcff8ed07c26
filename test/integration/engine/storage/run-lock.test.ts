import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { RunId } from '../../../../src/engine/model/ids.ts';
import { acquireLockFile } from '../../../../src/engine/storage/runs/lock-file.ts';
import { freshDirectory } from './fresh-directory.ts';
import { buildProgram, type Program, startProgram } from './start-program.ts';

const about = { run: '20260105_070000_ab12' as RunId, pipeline: 'nfl' };

function freshLock(): string {
  return join(freshDirectory(), 'logs', 'nfl.lock');
}

describe('a run lock', () => {
  it('is held until it is released, and leaves no file behind', () => {
    const path = freshLock();
    const first = acquireLockFile(path, about);
    expect(first.ok).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(acquireLockFile(path, { ...about, run: 'other' as RunId }).ok).toBe(false);
    if (first.ok) first.value.release();
    expect(readdirSync(join(path, '..'))).toEqual([]);
    expect(acquireLockFile(path, about).ok).toBe(true);
  });

  it('names its holder, the run and since when', () => {
    const path = freshLock();
    acquireLockFile(path, about);
    const second = acquireLockFile(path, { ...about, run: 'other' as RunId });
    expect(second).toMatchObject({ error: { code: 'run/locked', severity: 'error' } });
    const { message, hint } = second.ok ? { message: '', hint: '' } : second.error;
    expect(message).toMatch(
      new RegExp(
        `^Pipeline "nfl" is being run by process ${process.pid}: run ${about.run}, since \\d{4}-\\d\\d-\\d\\d [\\d:]{8} UTC$`,
      ),
    );
    expect(hint).toContain(`kill -INT ${process.pid}`);
  });

  it('released late does not release the lock of the next holder', () => {
    const path = freshLock();
    const first = acquireLockFile(path, about);
    if (!first.ok) throw new Error(first.error.message);
    first.value.release();
    expect(acquireLockFile(path, about).ok).toBe(true);
    first.value.release();
    expect(existsSync(path)).toBe(true);
  });

  it('is acquired by one of twenty processes, and after each kill -9 of its holder by one of the others', async () => {
    const path = freshLock();
    const file = buildProgram('hold-lock');
    let racers = Array.from({ length: 20 }, () => startProgram(file, [path]));
    for (const racer of racers) expect(await racer.line()).toBe('ready');
    for (let round = 0; round < 6; round += 1) {
      for (const racer of racers) racer.writeLine('take');
      const said = await Promise.all(racers.map((racer) => racer.line()));
      const winners = racers.filter((_, index) => said[index] === 'won');
      expect(winners).toHaveLength(1);
      const [winner] = winners as [Program];
      for (const line of said) if (line !== 'won') expect(line).toMatch(/^run\/locked: /);
      expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: winner.pid, run: `run-of-${winner.pid}` });
      await winner.kill();
      racers = racers.filter((racer) => racer !== winner);
    }
    expect(readdirSync(join(path, '..'))).toEqual(['nfl.lock']);
  });
});

describe.runIf(existsSync('/proc/self/stat'))('a lock whose holder was killed', () => {
  it('is free even while the parent has not reaped it', async () => {
    const path = freshLock();
    const script = 'exec 3<&0; "$0" "$1" "$2" <&3 & exec sleep 600';
    const parent = startProgram('sh', ['-c', script, process.execPath, buildProgram('hold-lock'), path]);
    expect(await parent.line()).toBe('ready');
    parent.writeLine('take');
    expect(await parent.line()).toBe('won');
    const { pid } = JSON.parse(readFileSync(path, 'utf8')) as { pid: number };
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(') Z '), { timeout: 20_000 });
    expect(acquireLockFile(path, about).ok).toBe(true);
  });
});

describe('a stale lock', () => {
  function leave(path: string, change: object): void {
    const first = acquireLockFile(path, about);
    if (!first.ok) throw new Error(first.error.message);
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...change }));
  }

  it.runIf(process.platform === 'linux').each([
    ['whose process number now belongs to another process', { startTime: '1' }],
    ['from before the machine was started again', { boot: 'another' }],
    ['from a container that was started again under its name', { pidSpace: 'pid:[1]' }],
    ['of a process that is gone', { pid: 2 ** 22 + 1 }],
  ])('%s is taken over', (_, change) => {
    const path = freshLock();
    leave(path, change);
    expect(acquireLockFile(path, about).ok).toBe(true);
    expect(readdirSync(join(path, '..'))).toEqual(['nfl.lock']);
  });

  it('names the run of the dead process that held it', () => {
    const path = freshLock();
    const first = acquireLockFile(path, about);
    expect(first).not.toHaveProperty('value.deadRun');
    const record = JSON.parse(readFileSync(path, 'utf8')) as object;
    writeFileSync(path, JSON.stringify({ ...record, startTime: '1', boot: 'an earlier one' }));
    expect(acquireLockFile(path, { ...about, run: 'other' as RunId })).toMatchObject({ value: { deadRun: about.run } });
  });

  it('that is empty after a crash of the machine is taken over', () => {
    const path = freshLock();
    leave(path, {});
    writeFileSync(path, '');
    expect(acquireLockFile(path, about).ok).toBe(true);
  });

  it('of another host stays, and the hint says how to remove it', () => {
    const path = freshLock();
    leave(path, { host: 'elsewhere', pid: 2 ** 22 + 1 });
    const second = acquireLockFile(path, about);
    expect(second).toMatchObject({
      error: {
        code: 'run/locked',
        message: expect.stringContaining('on "elsewhere"'),
        hint: expect.stringContaining(path),
      },
    });
  });

  it('left by a process that was killed during its own takeover is taken over', () => {
    const path = freshLock();
    leave(path, { boot: 'another', token: 'first' });
    const heir = { ...JSON.parse(readFileSync(path, 'utf8')), token: 'second' };
    writeFileSync(`${path}.after-first`, JSON.stringify(heir));
    expect(acquireLockFile(path, about).ok).toBe(true);
    expect(readdirSync(join(path, '..'))).toEqual(['nfl.lock']);
    expect(acquireLockFile(path, about).ok).toBe(false);
  });

  it('that is a symbolic link, dangling or to a file, is refused at once and not followed', () => {
    for (const target of ['nowhere', 'elsewhere']) {
      const path = freshLock();
      mkdirSync(dirname(path));
      writeFileSync(join(dirname(path), 'elsewhere'), 'not ours');
      symlinkSync(target, path);
      expect(acquireLockFile(path, about)).toMatchObject({
        error: { code: 'run/cannot-write', message: `Cannot write "${path}": it is a symbolic link` },
      });
      expect(readFileSync(join(dirname(path), 'elsewhere'), 'utf8')).toBe('not ours');
    }
  });

  it('that cannot be written is an error with the reason', () => {
    const file = join(freshDirectory(), 'file');
    writeFileSync(file, '');
    const taken = acquireLockFile(join(file, 'nfl.lock'), about);
    expect(taken).toMatchObject({ error: { code: 'run/cannot-write', message: expect.stringContaining(file) } });
  });
});
