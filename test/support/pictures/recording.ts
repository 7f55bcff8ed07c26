import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EpochMs, ResourceSample, TaskId } from '../../../src/engine/index.ts';

/** How long every log was at one moment, by its path below the run's `tasks`. */
export type LogSnapshot = { readonly at: EpochMs; readonly logs: Readonly<Record<string, number>> };

/** What a screen shows of a run and its journal does not hold. */
export type Recording = { readonly samples: readonly ResourceSample[]; readonly looks: readonly LogSnapshot[] };

const fileName = 'recording.jsonl';

export function writeRecording(directory: string, { samples, looks }: Recording): void {
  const changes = looks.filter(
    ({ logs }, place) => place === 0 || JSON.stringify(logs) !== JSON.stringify(looks[place - 1]!.logs),
  );
  const lines = [
    ...samples.map((sample) => JSON.stringify({ sample: { ...sample, tasks: [...sample.tasks] } }, rounded)),
    ...changes.map((look) => JSON.stringify({ look })),
  ];
  writeFileSync(join(directory, fileName), `${lines.join('\n')}\n`);
}

function rounded(_: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1_000) / 1_000 : value;
}

export function readRecording(directory: string): Recording {
  const lines = readFileSync(join(directory, fileName), 'utf8').trimEnd().split('\n');
  const entries = lines.map((line) => JSON.parse(line) as Entry);
  return {
    samples: entries.flatMap(({ sample }) =>
      sample === undefined ? [] : [{ ...sample, tasks: new Map(sample.tasks) }],
    ),
    looks: entries.flatMap(({ look }) => (look === undefined ? [] : [look])),
  };
}

type Entry = {
  readonly sample?: Omit<ResourceSample, 'tasks'> & { readonly tasks: readonly [TaskId, ResourceUsage][] };
  readonly look?: LogSnapshot;
};

type ResourceUsage = { readonly cpu: number; readonly memoryBytes: number };
