import { expect, test } from 'vitest';
import type { EpochMs, TaskId } from '../../../../src/engine/model/ids.ts';
import type { ResourceSample } from '../../../../src/engine/model/run/resource-sample.ts';
import { replayPeaks } from '../../../../src/engine/runs/replay-peaks.ts';

function sample(at: number, cpu: number): ResourceSample {
  const tasks = new Map([['load' as TaskId, { cpu, memoryBytes: 100 - cpu }]]);
  return { at: at as EpochMs, cpu: 0, memory: 0, memoryBytes: 0, cores: 1, memoryLimitBytes: 1, tasks };
}

test('the most that a task has used grows with the replay, and is less again when it goes back', () => {
  const peaks = replayPeaks(() => [sample(10, 1), sample(20, 3), sample(30, 2)]);
  const at = (now: number) => peaks(now as EpochMs).get('load' as TaskId);
  expect(at(5)).toBeUndefined();
  expect(at(10)).toEqual({ cpu: 1, memoryBytes: 99 });
  expect(at(35)).toEqual({ cpu: 3, memoryBytes: 99 });
  expect(at(12)).toEqual({ cpu: 1, memoryBytes: 99 });
  expect(at(5)).toBeUndefined();
});
