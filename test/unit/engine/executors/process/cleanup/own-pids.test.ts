import { describe, expect, it } from 'vitest';
import { createOwnPids, pidsReusedAfterMs } from '../../../../../../src/engine/executors/process/cleanup/own-pids.ts';

describe('the pids of slots and of the leaders of attempts', () => {
  it('hold a slot from its start to its end', () => {
    const { pids } = openPids();
    expect(pids.has(100)).toBe(false);
    pids.add(100);
    expect(pids.has(100)).toBe(true);
    pids.remove(100);
    expect(pids.has(100)).toBe(false);
  });

  it('hold the leader of an attempt of which nothing is left until its pid may be that of another process', () => {
    const { pids, wait } = openPids();
    pids.add(100);
    pids.removeEnded(100);
    wait(pidsReusedAfterMs - 1);
    expect(pids.has(100)).toBe(true);
    wait(1);
    expect(pids.has(100)).toBe(false);
  });

  it('hold a leader that could not be ended no longer than it runs', () => {
    const { pids } = openPids();
    pids.add(100);
    pids.remove(100);
    expect(pids.has(100)).toBe(false);
  });

  it('hold a new leader that has the pid of an ended one as long as it runs', () => {
    const { pids, wait } = openPids();
    pids.add(100);
    pids.removeEnded(100);
    pids.add(100);
    wait(2 * pidsReusedAfterMs);
    expect(pids.has(100)).toBe(true);
    pids.remove(100);
    expect(pids.has(100)).toBe(false);
  });
});

function openPids() {
  let now = 0;
  const pids = createOwnPids(() => now);
  return {
    pids,
    wait: (ms: number) => {
      now += ms;
    },
  };
}
