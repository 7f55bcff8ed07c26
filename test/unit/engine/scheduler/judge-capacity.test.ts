import { describe, expect, test } from 'vitest';
import type { EpochMs, RunId } from '../../../../src/engine/model/ids.ts';
import type { Limits } from '../../../../src/engine/model/pipeline/pipeline.ts';
import type { ResourceSample } from '../../../../src/engine/model/run/resource-sample.ts';
import { judgeCapacity } from '../../../../src/engine/scheduler/capacity/judge-capacity.ts';
import { sketchPlan } from '../../../support/pipeline-builder.ts';
import { gigabyte } from '../../../support/take-sample.ts';

function judge(sketch: Partial<ResourceSample>, limits: Partial<Limits> = {}) {
  const plan = sketchPlan({ tasks: { any: {} }, limits });
  const options = { run: 'r' as RunId, seed: 0, maxParallel: 16, sequential: false, runChecks: false };
  const idle = { cpu: 0, memory: 0.2, memoryBytes: gigabyte, cores: 4, memoryLimitBytes: 16 * gigabyte };
  const judged = judgeCapacity(plan, options, { at: 0 as EpochMs, ...idle, tasks: new Map(), ...sketch });
  const verdicts = judged.items.map(({ kind, verdict }) => `${kind} ${verdict}`);
  return { ...judged, verdicts, reasons: judged.items.flatMap(({ reason = [] }) => reason) };
}

describe('what could start now', () => {
  test('an idle machine takes one task of unknown needs for each core below the limit', () => {
    const { tasks, verdicts } = judge({});
    expect(tasks).toBe(4);
    expect(verdicts).toEqual(['cpu free', 'memory free']);
  });

  test('beside programs that use all cores it is one task', () => {
    const { tasks, verdicts, reasons } = judge({ cpu: 1 });
    expect([tasks, verdicts[0]]).toEqual([1, 'cpu fewer']);
    expect(reasons).toEqual(['CPU 100 % > 80 %, 100 % by other programs']);
  });

  test('with memory above the limit it is two tasks, above 95 % none', () => {
    expect(judge({ memory: 0.9 })).toMatchObject({ tasks: 2, reasons: ['memory 90 % > 85 %'] });
    expect(judge({ memory: 0.96 })).toMatchObject({ tasks: 0, verdicts: ['cpu free', 'memory none'] });
  });

  test('each disk has its own verdict, and one that is full is enough for none', () => {
    const disks = [
      { role: 'project', freeBytes: 5 * gigabyte },
      { role: 'logs', freeBytes: gigabyte / 2 },
    ] as const;
    const { tasks, verdicts, reasons } = judge({ disks }, { diskFreeBytes: gigabyte });
    expect([tasks, verdicts.slice(2)]).toEqual([0, ['disk free', 'disk none']]);
    expect(reasons).toEqual(['512 MB free on the disk of the logs, less than 1 GB']);
  });

  test('when others hold the share of the connections that tasks may use, it is none', () => {
    expect(judge({ connections: { used: 79, limit: 100 } }).tasks).toBe(4);
    const { tasks, reasons } = judge({ connections: { used: 81, limit: 100, ours: 1 } });
    expect([tasks, reasons]).toEqual([0, ['others hold 80 connections, and 80 of 100 may be used']]);
  });
});
