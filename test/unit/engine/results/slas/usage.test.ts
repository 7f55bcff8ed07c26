import { describe, expect, it } from 'vitest';
import type { Slas } from '../../../../../src/engine/model/pipeline/pipeline.ts';
import type { ResourceSample } from '../../../../../src/engine/model/run/resource-sample.ts';
import { type FakeRun, fakeRun } from '../../../../support/fake-run.ts';
import { judgedSla, judgedSlas, sampleAt } from './judged.ts';

const megabyte = 2 ** 20;

function ended(slas: Partial<Slas>, seconds = 10): FakeRun {
  const run = fakeRun({ tasks: { a: {} }, slas });
  run.pass(seconds * 1000);
  run.exit('a');
  return run;
}

function each(
  values: readonly number[],
  sample: (value: number) => Partial<ResourceSample>,
): readonly ResourceSample[] {
  return values.map((value, at) => sampleAt(at + 1, sample(value)));
}

describe('the use of the machine', () => {
  it('of its processors is their mean while tasks ran, within a band or below a limit', () => {
    const samples = each([0.5, 0.7, 0.9], (cpu) => ({ cpu }));
    const band = (min: number, max: number) => judgedSla(ended({ cpu: { min, max } }), 'cpu', { samples });
    expect(band(0.6, 0.8)).toBe('met: 74 % of the CPU on average while tasks ran, limit 60 % to 80 %');
    expect(band(0.8, 0.9)).toMatch(/^missed: 74 %/);
    expect(band(0.6, 0.7)).toMatch(/^missed: 74 %/);
    expect(judgedSla(ended({ cpu: { max: 0.7 } }), 'cpu', { samples })).toMatch(
      /^missed: 74 % .*, limit at most 70 %$/,
    );
  });

  it('does not count while nothing ran', () => {
    const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] } }, slas: { cpu: { max: 0.8 } } });
    run.pass(3500);
    run.pause();
    run.exit('a');
    run.pass(60_000);
    run.resume();
    run.pass(1000);
    run.exit('b');
    const samples = [...each([0.5, 0.5, 0.5], (cpu) => ({ cpu })), sampleAt(20, { cpu: 1 }), sampleAt(40, { cpu: 1 })];
    expect(judgedSla(run, 'cpu', { samples })).toMatch(/^met: 50 %/);
  });

  it('of its memory is the highest that was seen', () => {
    const samples = each([0.2, 0.86, 0.3], (memory) => ({ memory }));
    expect(judgedSla(ended({ memory: 0.85 }), 'memory', { samples })).toBe(
      'missed: 86 % of the memory at most, limit 85 %',
    );
    expect(judgedSla(ended({ memory: 0.9 }), 'memory', { samples })).toMatch(/^met: 86 %/);
    expect(judgedSla(ended({ memory: 0.857 }), 'memory', { samples })).toBe(
      'missed: 86.0 % of the memory at most, limit 86 %',
    );
  });

  it('of its memory is at risk as long as it is close to the limit', () => {
    const run = fakeRun({ tasks: { a: {} }, slas: { memory: 0.85 } });
    run.pass(3000);
    expect(judgedSla(run, 'memory', { samples: each([0.5, 0.82], (memory) => ({ memory })) })).toMatch(
      /^at-risk: 82 %/,
    );
    expect(judgedSla(run, 'memory', { samples: each([0.82, 0.5], (memory) => ({ memory })) })).toMatch(/^open: 82 %/);
    expect(judgedSla(run, 'memory', { samples: each([0.9, 0.5], (memory) => ({ memory })) })).toMatch(/^missed: 90 %/);
  });

  it('of the connections is the highest share of those that the database gives', () => {
    const samples = each([10, 41, 20], (used) => ({ connections: { used, limit: 50 } }));
    expect(judgedSla(ended({ dbConnections: 0.8 }), 'db_connections', { samples })).toBe(
      'missed: 41 of 50 connections at most (82 %), limit 80 %',
    );
  });

  it('of the disks is the mean of what they read and write, and of the time in which something waits for them', () => {
    const samples = each([100, 200, 300], (rate) => ({
      diskRate: { readBytes: rate * megabyte, writtenBytes: rate * megabyte },
      pressure: { io: rate / 1000 },
    }));
    const slas = { diskBytesPerSecond: 400 * megabyte, diskWait: 0.3 };
    expect(judgedSlas(ended(slas), { samples }).map(({ sla, status, unit }) => [sla, status, unit])).toEqual([
      ['disk_io', 'missed', 'bytes_per_second'],
      ['disk_wait', 'met', 'share'],
    ]);
  });

  it('is at risk in the second half of a run whose mean is outside of its limits', () => {
    const run = fakeRun({ tasks: { a: {} }, slas: { cpu: { min: 0.6, max: 0.8 } } });
    run.pass(10_000);
    const samples = each([0.2, 0.2, 0.2, 0.2], (cpu) => ({ cpu }));
    expect(judgedSla(run, 'cpu', { samples, left: 60 })).toMatch(/^open: 20 %/);
    expect(judgedSla(run, 'cpu', { samples, left: 5 })).toMatch(/^at-risk: 20 %/);
  });

  it('is not measured when the run was too short, or the machine does not tell', () => {
    const all = { cpu: { max: 0.8 }, memory: 0.85, dbConnections: 0.8, diskBytesPerSecond: megabyte, diskWait: 0.5 };
    const tooShort = judgedSlas(ended(all));
    expect(tooShort.map(({ status, message }) => `${status}: ${message}`)).toEqual(
      tooShort.map(() => 'not-measured: the run was too short to measure'),
    );
    const silent = judgedSlas(ended(all), { samples: each([0, 0, 0], () => ({})) });
    expect(silent.map(({ sla, status, message }) => [sla, status, message]).slice(2)).toEqual([
      ['db_connections', 'not-measured', 'the database connections were not measured'],
      ['disk_io', 'not-measured', 'not available on this machine'],
      ['disk_wait', 'not-measured', 'not available on this machine'],
    ]);
    expect(silent.every((one) => !('measured' in one) || one.measured !== undefined)).toBe(true);
  });
});
