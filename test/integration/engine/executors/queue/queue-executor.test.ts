import { afterAll, beforeAll } from 'vitest';
import { openQueueExecutor } from '../../../../../src/engine/executors/queue/queue-executor.ts';
import type { RunId } from '../../../../../src/engine/model/ids.ts';
import { describeExecutor, shellCommands } from '../../../../support/executor-contract.ts';
import { createTestQueue, type TestQueue } from '../../../../support/queue.ts';
import { startTestWorker, type TestWorker } from '../../../../support/workers.ts';

let queue: TestQueue;
let worker: TestWorker;

beforeAll(async () => {
  queue = await createTestQueue();
  worker = await startTestWorker(queue);
});
afterAll(async () => {
  await worker?.close();
  await queue?.close();
});

describeExecutor('queue, with a worker in another process', async () => {
  const opened = await openQueueExecutor({
    ...{ address: queue.address, run: 'contract' as RunId },
    source: () => ({ projectDir: '/', secrets: [], namedSecrets: new Map(), database: undefined }),
    onWarning: () => undefined,
  });
  if (!opened.ok) throw new Error(opened.error.message);
  return {
    executor: opened.value,
    commands: shellCommands,
    dispose: () => undefined,
  };
});
