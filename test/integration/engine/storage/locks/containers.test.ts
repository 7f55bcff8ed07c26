import { mkdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { RunId } from '../../../../../src/engine/model/ids.ts';
import { acquireLockFile } from '../../../../../src/engine/storage/locks/lock-file.ts';
import { isRunAlive, wasInterrupted } from '../../../../../src/engine/storage/runs/heartbeat.ts';
import { freshDirectory } from '../fresh-directory.ts';
import { buildProgram, startProgram } from '../start-program.ts';
import { hasContainers, startInContainer } from './other-container.ts';

const about = { run: '20260105_070000_ab12' as RunId, pipeline: 'nfl' };

describe.runIf(hasContainers)('a lock that is held in another container with the same host name', () => {
  it('is refused with its holder, and free as soon as that is killed', async () => {
    const path = join(freshDirectory(), 'nfl.lock');
    const holder = startInContainer(buildProgram('locks/hold-lock'), [path]);
    expect(await holder.line()).toBe('ready');
    holder.writeLine('take');
    expect(await holder.line()).toBe('won');
    const { pid } = JSON.parse(readFileSync(path, 'utf8')) as { pid: number };
    expect(acquireLockFile(path, about)).toMatchObject({
      error: {
        code: 'run/locked',
        message: expect.stringContaining(`by process ${pid} in another container: run run-of-${pid}`),
      },
    });
    await holder.kill();
    const taken = await vi.waitFor(() => {
      const taken = acquireLockFile(path, about);
      if (!taken.ok) throw new Error(taken.error.message);
      return taken.value;
    }, 60_000);
    onTestFinished(taken.release);
    expect(taken.deadRun).toBe(`run-of-${pid}`);
  });

  it('cannot be taken from a container while it is held outside', async () => {
    const path = join(freshDirectory(), 'nfl.lock');
    const file = buildProgram('locks/hold-lock');
    const holder = startProgram(file, [path]);
    const inside = startInContainer(file, [path]);
    for (const program of [holder, inside]) expect(await program.line()).toBe('ready');
    holder.writeLine('take');
    expect(await holder.line()).toBe('won');
    inside.writeLine('take');
    expect(await inside.line()).toContain(`by process ${holder.pid} in another container`);
    await holder.kill();
    inside.writeLine('take');
    expect(await inside.line()).toBe('won');
  });
});

describe.runIf(hasContainers)('a run in another container with the same host name', () => {
  it('is under way as long as its lock is held, also when it is suspended, and interrupted when it was killed', async () => {
    const project = freshDirectory();
    const directory = join(project, 'logs', about.run);
    mkdirSync(directory, { recursive: true });
    const holder = startInContainer(buildProgram('locks/hold-run'), [project, about.run, directory]);
    expect(await holder.line()).toBe('locked');
    expect(isRunAlive(directory)).toBe(true);
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(join(directory, 'owner.json'), longAgo, longAgo);
    expect(isRunAlive(directory)).toBe(true);
    await holder.kill();
    await vi.waitFor(() => expect(wasInterrupted(directory)).toBe(true), 60_000);
  });
});
