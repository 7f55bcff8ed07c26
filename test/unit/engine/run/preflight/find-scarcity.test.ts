import { describe, expect, test } from 'vitest';
import { findScarcity, type Supplies } from '../../../../../src/engine/run/preflight/find-scarcity.ts';
import { type PipelineSketch, sketchPlan } from '../../../../support/pipeline-builder.ts';
import { gigabyte } from '../../../../support/take-sample.ts';

const plenty: Supplies = {
  memory: { used: 0.2, totalBytes: 16 * gigabyte },
  disks: [{ role: 'project', freeBytes: 100 * gigabyte }],
  connections: { used: 3, limit: 20, ours: 1 },
  maxParallel: 8,
};

function found(sketch: PipelineSketch, supplies: Partial<Supplies> = {}): readonly string[] {
  const plan = sketchPlan({ limits: { diskFreeBytes: gigabyte }, ...sketch });
  return findScarcity(plan, { ...plenty, ...supplies }).map(({ code, message }) => `${code}: ${message}`);
}

describe('before a run', () => {
  test('nothing is said when there is enough, nor when nothing could be looked at', () => {
    const tasks = { a: { connections: 7, memoryBytes: gigabyte }, b: { connections: 7 }, c: {} };
    expect(found({ tasks })).toEqual([]);
    expect(findScarcity(sketchPlan({ tasks }), { maxParallel: 8 })).toEqual([]);
  });

  test('a need above what can be given is named, and that the task runs by itself', () => {
    const tasks = { a: { connections: 15 }, b: { connections: 2, memoryBytes: 40 * gigabyte } };
    // 80 % of 20 are 16, minus the 2 of others.
    expect(found({ tasks })).toEqual([
      'run/needs-too-much: a needs 15 connections, and 14 are available; it runs while no other task uses one',
      'run/needs-too-much: b needs 40 GB of memory, and 14 GB is available; it runs while no other task runs',
    ]);
  });

  test('of many such tasks the first are named, in one line', () => {
    const tasks = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, { connections: 15 }]));
    const [line, ...others] = found({ tasks });
    expect(line).toContain(
      'a needs 15 connections, b needs 15 connections, c needs 15 connections and 2 more, and 14 ',
    );
    expect(others).toEqual([]);
  });

  test('the widest moment is the tasks that can run side by side, as many as the run allows', () => {
    const tasks = {
      a: { connections: 8 },
      b: { connections: 6 },
      c: { connections: 4 },
      d: { connections: 8, after: ['a'] },
    };
    const line =
      'run/needs-too-much: tasks may need up to 18 connections at the same time, but 14 are available; some will wait';
    expect(found({ tasks })).toEqual([line]);
    expect(found({ tasks }, { maxParallel: 2 })).toEqual([]);
  });

  test('connections that others hold are told when none is left', () => {
    expect(found({ tasks: { a: { connections: 1 } } }, { connections: { used: 18, limit: 20, ours: 1 } })).toEqual([
      'run/little-left: others hold 17 of the 20 connections of the database; until this changes, tasks that need any run one at a time',
    ]);
    expect(found({ tasks: { a: {} } }, { connections: { used: 18, limit: 20 } })).toEqual([]);
  });

  test('a disk and the memory are judged as in a run', () => {
    const disks = [{ role: 'logs', freeBytes: gigabyte / 2 }] as const;
    const memory = { used: 0.9, totalBytes: 16 * gigabyte };
    expect(found({ tasks: { a: {} } }, { disks, memory })).toEqual([
      'run/little-left: 512 MB free on the disk of the logs, less than 1 GB; until this changes, one task at once',
      'run/little-left: memory 90 % > 85 %; until this changes, at most 2 tasks at once',
    ]);
  });
});
