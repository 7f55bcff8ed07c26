import { join } from 'node:path';
import { runDirVariable } from '../../model/pipeline/run-dir-path.ts';
import { packageDirectory } from '../../platform/package-directory.ts';

export type Places = {
  /** Absolute; the directory of the pipeline file, which may be elsewhere than the project. */
  readonly pipelineDir: string;
  /** Absolute; where the tasks of the run leave files for each other. */
  readonly runDir: string;
};

/** The variables that say where something is, for whatever a run starts, and for `${env:…}`. */
export function placeVariables({ pipelineDir, runDir }: Places): Readonly<Record<string, string>> {
  const directory = packageDirectory();
  return {
    ETL_PIPELINE_DIR: pipelineDir,
    [runDirVariable]: runDir,
    // So that a task can call the program, and what comes with it, however it was installed.
    ETL_TUI: join(directory, 'dist/cli/main.js'),
    ETL_TUI_DIR: directory,
  };
}
