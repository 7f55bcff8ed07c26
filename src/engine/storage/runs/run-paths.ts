import { join } from 'node:path';
import type { RunId } from '../../model/ids.ts';

/** Where the files of one run are, below the log directory. */
export type RunPaths = {
  readonly directory: string;
  /** Every event of the run. */
  readonly journal: string;
  /** What the machine and the tasks used, about once a second. */
  readonly samples: string;
  /** The pipeline file as it was. */
  readonly pipeline: string;
  /** The parsed pipeline, from which the plan is rebuilt. */
  readonly stored: string;
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
    tasks: join(directory, 'tasks'),
    result: join(logDir, `parallel_run_${run}.json`),
    consistency: join(logDir, `consistency_${run}.json`),
    performance: join(logDir, 'performance', `execution_${run}.json`),
  };
}
