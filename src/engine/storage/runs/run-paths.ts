import { join } from 'node:path';
import type { RunId } from '../../model/ids.ts';

/** Where the files of one run are, below the log directory. */
export type RunPaths = {
  readonly directory: string;
  /** Every event of the run. */
  readonly journal: string;
  /** What the machine and the tasks used, about once a second. */
  readonly samples: string;
  /** The pipeline file as it was at the start; see `pipelineCopy`. */
  readonly pipeline: string;
  /** The parsed pipeline, from which the plan is rebuilt. */
  readonly stored: string;
  /** What tasks find in ETL_RUN_DIR: files that they leave for each other. */
  readonly runDir: string;
  /** `<task>/<attempt>.log` */
  readonly tasks: string;
  readonly result: string;
  readonly consistency: string;
  /** Stays when the run's directory is pruned. */
  readonly performance: string;
};

export function runPaths(logDir: string, run: RunId): RunPaths {
  const directory = join(logDir, 'runs', run);
  return {
    directory,
    journal: join(directory, 'journal.jsonl'),
    samples: join(directory, 'samples.jsonl'),
    pipeline: join(directory, 'pipeline.yaml'),
    stored: join(directory, 'pipeline.json'),
    runDir: join(directory, 'work'),
    tasks: join(directory, 'tasks'),
    result: join(logDir, `parallel_run_${run}.json`),
    consistency: join(logDir, `consistency_${run}.json`),
    performance: join(logDir, 'performance', `execution_${run}.json`),
  };
}

/**
 * Where the copies of a run's pipelines are: `pipeline.yaml` that of its start, `pipeline.2.yaml` the next with which it was
 * resumed, and beside each what was parsed of it.
 */
export function pipelineCopy(paths: RunPaths, number: number): Pick<RunPaths, 'pipeline' | 'stored'> {
  if (number === 1) return paths;
  const name = join(paths.directory, `pipeline.${number}`);
  return { pipeline: `${name}.yaml`, stored: `${name}.json` };
}
