import fs, {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { RunId } from '../../../../../src/engine/model/ids.ts';
import { freshDirectory } from '../fresh-directory.ts';
import { buildProgram, type Program, startProgram } from '../start-program.ts';
import { about, acquire, byKernel, byRecord, freshLock } from './acquire.ts';

describe.each([
  ['of the kernel', byKernel],
  ['by its record, where the kernel gives none', byRecord],
])('a run lock %s', (_, lock) => {
  it('is held until it is released, and then free', () => {
    const path = freshLock();
    const first = acquire(path, lock);
    expect(first.ok).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(acquire(path, lock).ok).toBe(false);
    if (first.ok) first.value.release();
    expect(acquire(path, lock).ok).toBe(true);
  });

  it('names its holder, the run and since when', () => {
    const path = freshLock();
    acquire(path, lock);
    const second = acquire(path, lock, 'other' as RunId);
    expect(second).toMatchObject({ error: { code: 'run/locked', severity: 'error' } });
    const { message, hint } = second.ok ? { message: '', hint: '' } : second.error;
    expect(message).toMatch(
      new RegExp(
        `^Pipeline "nfl" is being run by process ${process.pid}: run ${about.run}, since \\d{4}-\\d\\d-\\d\\d [\\d:]{8} UTC$`,
      ),
    );
    expect(hint).toContain(`kill -INT ${process.pid}`);
    expect(hint).toContain('as "etl-tui run --wait" does');
  });

  it('says since when in the time zone of the reader', () => {
    const path = freshLock();
    acquire(path, lock);
    vi.stubEnv('TZ', 'Asia/Kolkata');
    onTestFinished(() => void vi.unstubAllEnvs());
    const second = acquire(path, lock, 'other' as RunId);
    expect(second.ok ? '' : second.error.message).toMatch(/, since \d{4}-\d\d-\d\d [\d:]{8} \+05:30$/);
  });

  it('released late does not release the lock of the next holder', () => {
    const path = freshLock();
    const first = acquire(path, lock);
    if (!first.ok) throw new Error(first.error.message);
    first.value.release();
    expect(acquire(path, lock).ok).toBe(true);
    first.value.release();
    expect(acquire(path, lock).ok).toBe(false);
  });

  it('is refused while it is held in the other way', () => {
    const path = freshLock();
    const other = lock === byKernel ? byRecord : byKernel;
    const first = acquire(path, other);
    expect(first.ok).toBe(true);
    expect(acquire(path, lock)).toMatchObject({ error: { code: 'run/locked' } });
    if (first.ok) first.value.release();
    expect(acquire(path, lock).ok).toBe(true);
    expect(acquire(path, other).ok).toBe(false);
  });

  it('needs no hard links', () => {
    const { linkSync } = fs;
    fs.linkSync = () => {
      throw Object.assign(new Error('not on this disk'), { code: 'EPERM' });
    };
    syncBuiltinESMExports();
    onTestFinished(() => {
      fs.linkSync = linkSync;
      syncBuiltinESMExports();
    });
    const path = freshLock();
    expect(acquire(path, lock).ok).toBe(true);
    expect(acquire(path, lock)).toMatchObject({
      error: { message: expect.stringContaining(`process ${process.pid}`) },
    });
  });

  it('that is a symbolic link, dangling or to a file, is refused at once and not followed', () => {
    for (const target of ['nowhere', 'elsewhere']) {
      const path = freshLock();
      mkdirSync(dirname(path));
      writeFileSync(join(dirname(path), 'elsewhere'), 'not ours');
      symlinkSync(target, path);
      expect(acquire(path, lock)).toMatchObject({
        error: { code: 'run/cannot-write', message: `Cannot write "${path}": it is a symbolic link` },
      });
      expect(readFileSync(join(dirname(path), 'elsewhere'), 'utf8')).toBe('not ours');
    }
  });

  it('that cannot be written is an error with the reason', () => {
    const file = join(freshDirectory(), 'file');
    writeFileSync(file, '');
    expect(acquire(join(file, 'nfl.lock'), lock)).toMatchObject({
      error: { code: 'run/cannot-write', message: expect.stringContaining(file) },
    });
  });
});

describe('a race for a run lock', () => {
  const modes: readonly [string, number, number, readonly string[]][] = [
    ['of the kernel', 20, 4, []],
    ['by its record, without hard links', 8, 3, ['by-record', 'no-links']],
  ];
  it.each(modes)(
    '%s has one winner, and after each kill -9 of the winner another',
    async (_, count, rounds, mode) => {
      const path = freshLock();
      const file = buildProgram('locks/hold-lock');
      let racers = Array.from({ length: count }, () => startProgram(file, [path, ...mode]));
      const recordAt = mode.includes('by-record') ? `${path}.pid` : path;
      for (const racer of racers) expect(await racer.line()).toBe('ready');
      for (let round = 0; round < rounds; round += 1) {
        for (const racer of racers) racer.writeLine('take');
        const said = await Promise.all(racers.map((racer) => racer.line()));
        const winners = racers.filter((_, index) => said[index] === 'won');
        expect(winners).toHaveLength(1);
        const [winner] = winners as [Program];
        for (const line of said)
          if (line !== 'won')
            expect(line).toContain(`run/locked: Pipeline "nfl" is being run by process ${winner.pid}:`);
        expect(JSON.parse(readFileSync(recordAt, 'utf8'))).toMatchObject({ run: `run-of-${winner.pid}` });
        await winner.kill();
        racers = racers.filter((racer) => racer !== winner);
      }
      expect(readdirSync(dirname(path)).every((name) => /^nfl\.lock(\.pid)?$/.test(name))).toBe(true);
    },
    600_000,
  );
});

describe.runIf(existsSync('/proc/self/stat'))('a lock of the kernel whose holder was killed', () => {
  it('is free even while the parent has not reaped it', async () => {
    const path = freshLock();
    const script = 'exec 3<&0; "$0" "$1" "$2" <&3 & exec sleep 600';
    const parent = startProgram('sh', ['-c', script, process.execPath, buildProgram('locks/hold-lock'), path]);
    expect(await parent.line()).toBe('ready');
    parent.writeLine('take');
    expect(await parent.line()).toBe('won');
    const { pid } = JSON.parse(readFileSync(path, 'utf8')) as { pid: number };
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(') Z '), { timeout: 60_000 });
    expect(acquire(path)).toMatchObject({ value: { deadRun: `run-of-${pid}` } });
  });

  it('is free although processes that it started live on', async () => {
    const path = freshLock();
    const holder = startProgram(buildProgram('locks/hold-lock'), [path]);
    expect(await holder.line()).toBe('ready');
    holder.writeLine('take');
    expect(await holder.line()).toBe('won');
    holder.writeLine('child');
    const child = Number(await holder.line());
    onTestFinished(() => void process.kill(child, 'SIGKILL'));
    await holder.kill();
    expect(acquire(path).ok).toBe(true);
    expect(process.kill(child, 0)).toBe(true);
  });
});

/** Only programs of `directory` are found, until the test is over. */
function usePath(directory: string): void {
  const { PATH } = process.env;
  onTestFinished(() => {
    process.env['PATH'] = PATH;
  });
  process.env['PATH'] = directory;
}

describe('without the program flock', () => {
  it('the lock is held all the same', () => {
    usePath(freshDirectory());
    const path = freshLock();
    expect(acquire(path).ok).toBe(true);
    expect(readdirSync(dirname(path))).toContain('nfl.lock.pid');
    expect(acquire(path).ok).toBe(false);
  });

  it.runIf(existsSync('/usr/bin/perl'))('perl asks the kernel', () => {
    const directory = freshDirectory();
    symlinkSync('/usr/bin/perl', join(directory, 'perl'));
    usePath(directory);
    const path = freshLock();
    expect(acquire(path).ok).toBe(true);
    expect(readdirSync(dirname(path))).toEqual(['nfl.lock']);
    expect(acquire(path).ok).toBe(false);
  });

  it('and with one that only reports errors the lock is held all the same', () => {
    const directory = freshDirectory();
    writeFileSync(join(directory, 'flock'), '#!/bin/sh\necho "flock: Operation not supported" >&2\nexit 1\n');
    chmodSync(join(directory, 'flock'), 0o755);
    usePath(directory);
    const path = freshLock();
    expect(acquire(path).ok).toBe(true);
    expect(acquire(path).ok).toBe(false);
  });
});
