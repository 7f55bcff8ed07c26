import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ownValue } from '../../model/own-value.ts';
import type { RunOptions } from '../../model/pipeline/plan.ts';
import { readRecord } from '../../runs/past-performance.ts';
import { runPaths } from '../../storage/runs/run-paths.ts';
import { recordedRuns } from '../../storage/runs/stored-runs.ts';
import { type OtherPipeline, readOtherPipeline } from './other-pipeline.ts';

/** What a run of another pipeline must have been. */
export type WantedRun = {
  /** Absolute: the pipeline file, or the directory of its project. */
  readonly path: string;
  /** As written; relative to that project. Absent = where its runs usually are. */
  readonly logDir?: string;
  /** The values that its parameters must have had, as records have them. */
  readonly params: Readonly<Record<string, string>>;
};

/** The newest runs of the log directory that are looked at. */
const maxRuns = 500;
const usualLogDir = 'logs/etl';
/** How a secret value is stored; whether two of them are the same cannot be told. */
const masked = '***';

/**
 * Returns a function that looks whether such a run has succeeded, with all the tasks of its pipeline: by its performance
 * record, which stays when the run itself is deleted. A record is read again only when it has changed. Never rejects.
 */
export function lookForRun({ path, logDir, params }: WantedRun): () => Promise<boolean> {
  const known = new Map<string, string>();
  const isWanted = async (file: string, { spec }: OtherPipeline) => {
    const version = await stat(file).then(
      ({ mtimeMs, size }) => `${mtimeMs} ${size}`,
      () => undefined,
    );
    if (version === undefined || known.get(file) === version) return false;
    const record = await readRecord(file);
    known.set(file, version);
    if (record?.pipeline !== spec.name || record.status !== 'success') return false;
    const ran = new Set(record.results.map(({ task }) => familyOf(task)));
    return spec.tasks.every(({ id }) => ran.has(id)) && haveValues(record.params, params);
  };
  return async () => {
    const other = await readOtherPipeline(path);
    if (other === undefined) return false;
    const directory = resolve(other.projectDir, logDir ?? usualLogDir);
    for (const run of (await recordedRuns(directory)).toReversed().slice(0, maxRuns))
      if (await isWanted(runPaths(directory, run).performance, other)) return true;
    return false;
  };
}

/** One task may have run many times, with values of its own: `load[season=2023]`. */
function familyOf(task: string): string {
  return task.replace(/\[.*$/u, '');
}

function haveValues(params: RunOptions['params'], wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([name, value]) => value !== masked && ownValue(params, name) === value);
}
