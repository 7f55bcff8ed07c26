import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunId } from '../../../../../src/engine/model/ids.ts';
import { ownIdentity } from '../../../../../src/engine/platform/process-identity.ts';
import { about, acquire, byKernel, byRecord, freshLock } from './acquire.ts';

describe('a stale lock', () => {
  /** A record as another process left it, in the way of either kind of lock, or of an earlier version. */
  function leave(change: object): string {
    const path = freshLock();
    mkdirSync(dirname(path));
    const record = { ...ownIdentity(), token: 'left', ...about, since: '2026-01-05T07:00:00.000Z', ...change };
    writeFileSync(path, JSON.stringify(record));
    writeFileSync(`${path}.pid`, JSON.stringify(record));
    return path;
  }

  const dead: readonly [string, object][] = [
    ['whose process number now belongs to another process', { startTime: '1' }],
    ['from before the machine was started again', { boot: 'another' }],
    ['from a container that was started again under its name', { pidSpace: 'pid:[1]' }],
    ['of a process that is gone', { pid: 2 ** 22 + 1 }],
  ];
  for (const [name, lock] of [
    ['the kernel', byKernel],
    ['its record', byRecord],
  ] as const) {
    it.runIf(process.platform === 'linux').each(dead)(
      `%s is taken over by ${name}, which names its run`,
      (_, change) => {
        const path = leave(change);
        expect(acquire(path, lock, 'other' as RunId)).toMatchObject({ value: { deadRun: about.run } });
        expect(acquire(path, lock).ok).toBe(false);
      },
    );
  }

  it('that the kernel had is taken over whatever its record says', () => {
    for (const change of [{}, { host: 'a container of another name' }, { pidSpace: 'pid:[1]' }]) {
      const path = leave({ kernel: true, ...change });
      writeFileSync(`${path}.pid`, '');
      expect(acquire(path, byKernel, 'other' as RunId)).toMatchObject({ value: { deadRun: about.run } });
    }
  });

  it('that the kernel had in another container is not taken over by who cannot ask the kernel', () => {
    const path = leave({ kernel: true, pidSpace: 'pid:[1]' });
    expect(acquire(path, byRecord)).toMatchObject({
      error: { message: expect.stringContaining('in another container') },
    });
  });

  it.each([
    ['the kernel', byKernel],
    ['its record', byRecord],
  ])('that is empty after a crash of the machine is taken over by %s', (_, lock) => {
    const path = leave({});
    writeFileSync(path, '');
    writeFileSync(`${path}.pid`, '');
    expect(acquire(path, lock).ok).toBe(true);
  });

  it('of another machine stays, and the hint says how to remove it', () => {
    for (const kernel of [{}, { kernel: true }]) {
      const path = leave({ host: 'elsewhere', boot: 'another', pid: 2 ** 22 + 1, ...kernel });
      expect(acquire(path)).toMatchObject({
        error: {
          code: 'run/locked',
          message: expect.stringContaining('on "elsewhere"'),
          hint: expect.stringContaining(path),
        },
      });
    }
  });

  it('left by a process that was killed while it took over from another is taken over', () => {
    const path = leave({ boot: 'another', token: 'first' });
    const heir = { ...JSON.parse(readFileSync(`${path}.pid`, 'utf8')), token: 'second' };
    writeFileSync(`${path}.pid.after-first`, JSON.stringify(heir));
    expect(acquire(path, byRecord).ok).toBe(true);
    expect(readdirSync(dirname(path)).toSorted()).toEqual(['nfl.lock', 'nfl.lock.pid']);
    expect(acquire(path, byRecord).ok).toBe(false);
  });
});
