import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunId } from '../../../../../src/engine/model/ids.ts';
import { formatAttemptRef } from '../../../../../src/engine/model/ids.ts';
import { guardiansOf, leftoverProcesses, parentOf, untilLeftovers } from './leftover-processes.ts';
import { type ExecutorForTest, openForTest, runForTest } from './open-for-test.ts';
import { buildExecutorProcess } from './start-executor-process.ts';

let tried: ExecutorForTest;
let owners: Awaited<ReturnType<typeof buildExecutorProcess>>;
beforeAll(async () => {
  tried = openForTest();
  owners = await buildExecutorProcess();
});
afterAll(async () => {
  owners.remove();
  await tried.close();
});

/** Kills the process that runs `scripts` together with its guardian and slots; returns the run. */
async function abandon(mark: string, scripts: readonly string[]): Promise<RunId> {
  const owner = await owners.own(mark, 300, scripts);
  await untilLeftovers(mark, 2 * scripts.length);
  const shells = new Set([...guardiansOf(owner.pid), ...scripts.map((_, index) => parentOf(owner.leader(index)))]);
  // Else it might wake its guardian between two of the signals.
  await owner.stop();
  for (const pid of shells) process.kill(pid, 'SIGSTOP');
  await owner.end('SIGKILL');
  for (const pid of shells) process.kill(pid, 'SIGKILL');
  return owner.run;
}

/** The living processes of the run's attempts; idle slots, which end by themselves, do not count. */
function processesOf(run: RunId): readonly number[] {
  return leftoverProcesses(`/${run}/`);
}

async function adopt(run: RunId) {
  const exits: unknown[] = [];
  const ended = await tried.executor.adopt(run, () => ({
    spawned: () => exits.push('spawned'),
    output: () => exits.push('output'),
    reported: () => exits.push('reported'),
    exited: (exit) => exits.push(exit),
  }));
  if (!ended.ok) throw new Error(ended.error.message);
  return { refs: ended.value.map(formatAttemptRef).sort(), exits };
}

describe('attempts left running by an etl-tui that was killed together with its guardian and slots', () => {
  it('are ended, and each is reported as lost', async () => {
    const mark = randomUUID();
    const run = await abandon(mark, ['sleep 300 | cat', "trap '' TERM; setsid sleep 300; :"]);
    expect(processesOf(run)).not.toEqual([]);
    const { refs, exits } = await adopt(run);
    expect(processesOf(run)).toEqual([]);
    await untilLeftovers(mark, 0);
    expect(refs).toEqual([`${run}/task-0/1`, `${run}/task-1/1`]);
    expect(exits).toEqual(
      Array.from({ length: 2 }, () => expect.objectContaining({ kind: 'lost', why: 'runner-gone' })),
    );
    expect(await adopt(run)).toEqual({ refs: [], exits: [] });
  });

  it('are left alone when they belong to another run, or run in this executor', async () => {
    const mark = randomUUID();
    const run = await abandon(mark, ['sleep 300; :']);
    const own = tried.start('sleep 300');
    await own.spawned;
    expect((await adopt('20260105_110000_none' as RunId)).refs).toEqual([]);
    expect((await adopt(runForTest)).refs).toEqual([]);
    expect(processesOf(run)).not.toEqual([]);
    expect(own.attempt.hasEnded()).toBe(false);
    own.attempt.terminate(0);
    await own.ended;
    await adopt(run);
    expect(processesOf(run)).toEqual([]);
    await untilLeftovers(mark, 0);
  });

  it('are not matched by a mark that only looks similar', async () => {
    const mark = `ETL_TUI_MARK=0123456789abcdef/${runForTest}/task/1`;
    const child = spawn('sleep', ['300'], { env: { ...process.env, OTHER: mark, ETL_TUI_MARK: 'x/y' } });
    expect((await adopt(runForTest)).refs).toEqual([]);
    expect(child.exitCode).toBe(null);
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
});
