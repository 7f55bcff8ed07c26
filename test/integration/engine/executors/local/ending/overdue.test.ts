import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { endLeftovers } from '../../../../../../src/engine/executors/process/cleanup/end-leftovers.ts';
import { openProcessTable } from '../../../../../../src/engine/executors/process/cleanup/process-table.ts';

it('leftovers are killed before they are given up, however late the machine gets to it', async () => {
  const mark = randomUUID();
  const deaf = spawn('bash', ['-c', "trap '' TERM; echo ready; while :; do sleep 0.05; done"], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'], MARK: mark },
  });
  await once(deaf.stdout, 'data');
  const processes = openProcessTable();
  const nothingLeft = await endLeftovers({
    processes,
    signature: {
      leader: process.pid,
      mark: `MARK=${mark}`,
      pipeNames: [],
      pidsMayBeReused: true,
      isOwn: () => false,
    },
    terminated: new Set(),
    groupIsAlive: false,
    isTerminating: true,
    // Since this long SIGKILL is due: the process was stopped meanwhile, or everything else came first.
    killAt: () => performance.now() - 60_000,
  });
  processes.close();
  if (deaf.exitCode === null && deaf.signalCode === null) await once(deaf, 'exit');
  expect([nothingLeft, deaf.signalCode]).toEqual([true, 'SIGKILL']);
});
