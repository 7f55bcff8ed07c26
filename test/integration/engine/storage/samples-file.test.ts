import { appendFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../../src/engine/model/diagnostic.ts';
import type { EpochMs, TaskId } from '../../../../src/engine/model/ids.ts';
import type { ResourceSample } from '../../../../src/engine/model/run/resource-sample.ts';
import { replaySamples, storedSamples } from '../../../../src/engine/runs/replay-samples.ts';
import { readSamples } from '../../../../src/engine/storage/runs/read-samples.ts';
import { encodeSample } from '../../../../src/engine/storage/runs/sample-line.ts';
import { openSamplesFile } from '../../../../src/engine/storage/runs/samples-file.ts';
import { freshDirectory } from './fresh-directory.ts';

const load = 'load' as TaskId;

function sampleAt(seconds: number, tasks = 1): ResourceSample {
  const usage = { cpu: 0.75, cpuSeconds: 3, memoryBytes: 5_000_000, processes: 2, readBytes: 0, writtenBytes: 4096 };
  return {
    at: (1_800_000_000_000 + seconds * 1000) as EpochMs,
    cpu: 0.5,
    memory: 0.25,
    memoryBytes: 4_000_000_000,
    cores: 4,
    memoryLimitBytes: 16_000_000_000,
    ours: { cpu: 1, taskCpuSeconds: 2, taskSeconds: 3 },
    pressure: { cpu: 0.1 },
    connections: { used: 4, limit: 97, ours: 2, byTask: new Map([[load, 2]]) },
    tasks: new Map(Array.from({ length: tasks }, (_, at) => [(at === 0 ? load : `task_${at}`) as TaskId, usage])),
  };
}

function openFile(path = join(freshDirectory(), 'samples.jsonl')) {
  const warnings: Diagnostic[] = [];
  return { path, warnings, file: openSamplesFile(path, (warning) => warnings.push(warning)) };
}

describe('the samples of a run', () => {
  it('are read as they were written, for this user only', async () => {
    const { path, file } = openFile();
    file.write(sampleAt(0));
    await file.close();
    expect(readSamples(path)).toEqual([sampleAt(0)]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('are read up to a last line that is cut off, and without lines that are no samples', () => {
    const path = join(freshDirectory(), 'samples.jsonl');
    const line = encodeSample(sampleAt(0));
    writeFileSync(path, `${line}{"at":1}\n\u0000\nnull\n${line}${line.slice(0, 60)}`);
    expect(readSamples(path)).toHaveLength(2);
    expect(readSamples('/does/not/exist')).toEqual([]);
  });

  it('of a long run are thinned out: a day takes less than 30 MB', async () => {
    const { path, file } = openFile();
    for (let second = 0; second < 86_400; second += 1) {
      file.write(sampleAt(second, 12));
      // It writes one line at a time, and leaves out what comes meanwhile.
      if (second % 20 === 0) await stat(path);
    }
    await file.close();
    const last = sampleAt(86_400);
    expect(statSync(path).size).toBeLessThan(30_000_000);
    expect(statSync(path).size).toBeGreaterThan(1_000_000);
    const read = readSamples(path);
    expect(read.length).toBeLessThan(4_001);
    expect(read.length).toBeGreaterThan(500);
    expect(last.at - read.at(-1)!.at).toBeLessThan(3_600_000);
  });

  it('that cannot be written are missed with one warning', async () => {
    const { file, warnings } = openFile(join(freshDirectory(), 'gone', 'samples.jsonl'));
    for (let second = 0; second < 3; second += 1) file.write(sampleAt(second));
    await file.close();
    expect(warnings).toMatchObject([{ code: 'run/cannot-write', severity: 'warning' }]);
  });

  it('are shown by a replay up to its moment, those of the last ten minutes', () => {
    const path = join(freshDirectory(), 'samples.jsonl');
    writeFileSync(path, '');
    for (let second = 0; second < 1_000; second += 1) appendFileSync(path, encodeSample(sampleAt(second)));
    const samples = replaySamples(storedSamples(path));
    expect(samples((sampleAt(0).at - 1) as EpochMs)).toEqual([]);
    expect(samples(sampleAt(9).at)).toHaveLength(10);
    const shown = samples(sampleAt(800).at);
    expect([shown.length, shown.at(-1)?.at]).toEqual([600, sampleAt(800).at]);
    expect(samples(sampleAt(800).at)).toBe(shown);
    rmSync(path);
    expect(samples(sampleAt(999).at).at(-1)?.at).toBe(sampleAt(999).at);
  });
});
