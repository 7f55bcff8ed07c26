import { createHash } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { makeDirectories } from '../../platform/make-directories.ts';
import { writePrivateFile } from '../../platform/private-files.ts';
import { jobProgram, jobScript } from './job-program.ts';

/** The path of the script, and the name of the program that it becomes, in the same directory. */
export type JobPrograms = { readonly script: string; readonly program: string };

/**
 * Writes what every job of a run runs into `directory`. The name of the program is one that no task prints by accident, see
 * `explainFailedExec`, and it changes with the text, since jobs of an earlier version may still run.
 */
export function writeJobPrograms(directory: string): Result<JobPrograms, Diagnostic> {
  const hash = createHash('sha256').update(directory).update(jobProgram).digest('hex');
  const program = `etl-tui-slot-${hash.slice(0, 16)}`;
  const script = join(directory, 'job');
  try {
    makeDirectories(directory);
    for (const [path, text] of [
      [join(directory, program), jobProgram],
      [script, jobScript],
    ] as const) {
      if (existsSync(path) && path !== script) continue;
      writePrivateFile(`${path}.part`, text, 'any');
      renameSync(`${path}.part`, path);
    }
    return ok({ script, program });
  } catch (error) {
    return failed({
      code: 'run/cannot-write',
      severity: 'error',
      message: `cannot write in "${directory}": ${(error as Error).message}`,
      hint: 'make the directory writable, or choose another one with --log-dir',
    });
  }
}
