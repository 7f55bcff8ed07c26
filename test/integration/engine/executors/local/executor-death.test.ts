import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardiansOf, until, untilLeftovers } from './leftover-processes.ts';
import { buildExecutorProcess } from './start-executor-process.ts';

let owners: Awaited<ReturnType<typeof buildExecutorProcess>>;
beforeAll(async () => {
  owners = await buildExecutorProcess();
});
afterAll(() => owners.remove());

const tasks = [
  'sleep 300 | cat',
  "trap '' TERM; sleep 300; :",
  'setsid sleep 300 >/dev/null 2>&1 & sleep 300',
  'setsid bash -c \'trap "" TERM; while :; do sleep 0.05; done\' & wait',
  'kill -STOP $$; sleep 300',
];

describe('when the process of the executor dies, all processes of its tasks are killed', () => {
  it.each([
    ['SIGKILL', tasks],
    ['SIGSEGV', tasks.slice(0, 1)],
    ['SIGHUP', tasks.slice(0, 1)],
  ] as const)('of %s', async (signal, scripts) => {
    const mark = randomUUID();
    const owner = await owners.own(mark, 200, scripts);
    await untilLeftovers(mark, 3 * scripts.length);
    await owner.end(signal);
    await untilLeftovers(mark, 0);
  });

  it('in the grace period of their termination', async () => {
    const mark = randomUUID();
    const directory = mkdtempSync(join(tmpdir(), 'etl-tui-owner-'));
    const script = `trap "sleep 1; touch cleaned; exit" TERM; touch ready; while :; do sleep 0.05; done`;
    const owner = await owners.own(mark, 20_000, [`cd ${directory}; ${script}`, 'sleep 300']);
    await until(() => existsSync(join(directory, 'ready')), 'the trap');
    await owner.end('SIGKILL');
    await untilLeftovers(mark, 0);
    expect(existsSync(join(directory, 'cleaned'))).toBe(true);
    rmSync(directory, { recursive: true });
  });

  it('although the guardian was killed before', async () => {
    const mark = randomUUID();
    const owner = await owners.own(mark, 200, ['sleep 300 | cat']);
    await until(() => guardiansOf(owner.pid).length > 0, 'the guardian');
    for (let round = 0; round < 2; round++) {
      const [first] = guardiansOf(owner.pid) as [number];
      process.kill(first, 'SIGKILL');
      await until(() => guardiansOf(owner.pid).some((pid) => pid !== first), 'another guardian');
    }
    await owner.end('SIGKILL');
    await untilLeftovers(mark, 0);
  });
});
