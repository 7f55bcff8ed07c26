import { expect, test, vi } from 'vitest';
import type { HostId } from '../../../../src/engine/model/ids.ts';
import { ok } from '../../../../src/engine/model/result.ts';
import type { QueueClient } from '../../../../src/engine/queue/queue-client.ts';
import { type Fenced, holdLease } from '../../../../src/engine/queue/workers/hold-lease.ts';

const client = { query: async () => ok([{ id: 'a-1' }]) } as unknown as QueueClient;
const worker = { id: 'a-1' as HostId, name: 'a', labels: [], slots: 1, leaseMs: 1_000, version: '1' };

test('a worker whose renewal was answered when its tasks had been ended already gives up', async () => {
  const fenced: Fenced[] = [];
  let renewals = 0;
  const lease = await holdLease({
    client,
    worker,
    load: () => undefined,
    // The first one is that of its registration.
    onRenewed: () => ++renewals < 3,
    onFenced: (why) => fenced.push(why),
  });
  await vi.waitFor(() => expect(fenced).toEqual(['not-renewed']), 60_000);
  if (lease.ok) lease.value.stop();
});
