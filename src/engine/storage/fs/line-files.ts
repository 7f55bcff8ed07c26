import { constants, open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathInRunDir } from '../../model/pipeline/run-dir-path.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { withDeadline } from '../../platform/with-deadline.ts';
import type { LineFiles } from '../../ports.ts';
import type { PathRoots } from './pipeline-paths.ts';

/** A file system that does not answer for so long is not waited for. */
const answerWithinMs = 60_000;
/** Ten thousand values of 400 bytes. */
const maxBytes = 4 * 2 ** 20;

/** Reads files of a project or a run whose lines are the values of a matrix. */
export function openLineFiles({ projectDir, runDir }: PathRoots): LineFiles {
  const placeOf = (file: string) => {
    const rest = pathInRunDir(file);
    return rest === undefined ? resolve(projectDir, file) : resolve(runDir, rest);
  };
  return {
    read: (file, absent) =>
      withDeadline(readLines(placeOf(file), file, absent), answerWithinMs, () =>
        failed(`${file} could not be read within a minute`),
      ),
  };
}

/** Without the ends of the lines; an empty file has none. */
async function readLines(path: string, file: string, absent: string): Promise<Result<readonly string[], string>> {
  try {
    // A pipe is not waited for.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) return failed(`${file} is not a file`);
      if (stats.size > maxBytes) return failed(`${file} is larger than 4 MiB, too large for the values of a matrix`);
      const text = (await handle.readFile('utf8')).replace(/^\ufeff/, '');
      return ok(text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/));
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return failed(code === 'ENOENT' ? absent : `${file} cannot be read: ${code ?? (error as Error).message}`);
  }
}
