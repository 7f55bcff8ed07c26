import { describe, expect, it } from 'vitest';
import type { EpochMs } from '../../../../src/engine/model/ids.ts';
import { watchOomKills } from '../../../../src/engine/runtime/watch-oom-kills.ts';

const killed = { kind: 'signalled', signal: 'SIGKILL' } as const;
const killedBelowAShell = { kind: 'exited', code: 137 } as const;

function watch() {
  const kernel: { kills: number | undefined; now: number } = { kills: 5, now: 1_000_000 };
  const clock = { now: () => kernel.now as EpochMs, setTimer: () => ({ cancel: () => {} }) };
  return { kernel, wasOutOfMemory: watchOomKills({ oomKills: () => kernel.kills, clock }) };
}

describe('an attempt that was killed', () => {
  it('ran out of memory when the counter of the kernel has moved since the last such exit', () => {
    const { kernel, wasOutOfMemory } = watch();
    expect(wasOutOfMemory(killed)).toBe(false);
    kernel.kills = 6;
    expect(wasOutOfMemory({ kind: 'exited', code: 1 })).toBe(false);
    expect(wasOutOfMemory(killedBelowAShell)).toBe(true);
    kernel.now += 5_000;
    expect(wasOutOfMemory(killed)).toBe(false);
  });

  it('ran out of memory with others of the same moment', () => {
    const { kernel, wasOutOfMemory } = watch();
    kernel.kills = 7;
    expect([wasOutOfMemory(killed), wasOutOfMemory(killed)]).toEqual([true, true]);
  });

  it('is not said to have run out of memory where the kernel does not count', () => {
    const { kernel, wasOutOfMemory } = watch();
    kernel.kills = undefined;
    expect(wasOutOfMemory(killed)).toBe(false);
  });
});
