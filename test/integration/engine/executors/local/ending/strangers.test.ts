import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guardianProgram } from '../../../../../../src/engine/executors/process/cleanup/guardian-program.ts';

const mark = `ETL_TUI_MARK=${randomUUID()}/`;

/** A process in a group of its own with an entry in its environment. */
function start(entry: string): ChildProcess & { readonly pid: number } {
  const [name = '', ...value] = entry.split('=');
  const env = { PATH: process.env['PATH'], [name]: value.join('=') };
  return spawn('sleep', ['300'], { detached: true, stdio: 'ignore', env }) as ChildProcess & { readonly pid: number };
}

let started: ChildProcess[] = [];
beforeEach(() => {
  started = [];
});
afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
});

describe('a guardian whose orchestrator is dead', () => {
  it('ends what carries the mark, and nothing by a pid that it was told', async () => {
    const ours = start(`${mark}run/task/1/500`);
    const strangers = [
      start('NONE='),
      start(`OTHER=${mark}run/task/1/500`),
      start(`ETL_TUI_MARK=${randomUUID()}/run/task/1/500`),
      start(`MY_${mark}run/task/1/500`),
    ];
    started = [ours, ...strangers];
    const guardian = spawn('bash', ['--norc', '-p', '-c', guardianProgram, 'guardian', mark], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    started.push(guardian);
    // As if each had the pid of a slot that is gone.
    guardian.stdin.end(`g 5\n${strangers.map(({ pid }) => `h ${pid}\n`).join('')}`);
    await once(guardian, 'exit');
    expect(ours.signalCode ?? (await once(ours, 'exit'))[1]).toBe('SIGTERM');
    expect(strangers.map(({ exitCode, signalCode }) => [exitCode, signalCode])).toEqual(
      strangers.map(() => [null, null]),
    );
  });

  it('ends what has no number for a grace in its mark as well', async () => {
    const ours = start(`${mark}x/y/08z`);
    started = [ours];
    const guardian = spawn('bash', ['--norc', '-p', '-c', guardianProgram, 'guardian', mark], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    started.push(guardian);
    await once(guardian, 'exit');
    expect(ours.signalCode ?? (await once(ours, 'exit'))[1]).toBe('SIGTERM');
  });
});
