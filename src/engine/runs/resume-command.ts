import { isAbsolute } from 'node:path';
import { usualPlaces } from '../pipeline/find-pipeline.ts';
import { commandLine } from '../results/handoffs/command-line.ts';

/**
 * The command line that finishes a run which was interrupted, for the directory in which it was started.
 * @param file its pipeline, as its plan names it; left out when it lies where a pipeline usually does, and so is found
 * @param logDir where its logs are, unless they are where they usually are
 */
export function resumeCommand(run: string, file: string, logDir?: string): string {
  // One that was found in a directory above has its whole path.
  const isFound = usualPlaces.some((place) => file === place || (isAbsolute(file) && file.endsWith(`/${place}`)));
  const place = logDir === undefined ? [] : ['--log-dir', logDir];
  return commandLine('etl-tui', 'run', ...(isFound ? [] : [file]), '--resume', run, ...place);
}
