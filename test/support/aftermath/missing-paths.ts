import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** What ends the alternate screen: the summary of a screen comes behind it. */
const screenEnd = '\x1b[?1049l';

/** The places of a run, and of hand-offs, as a log, a summary or a line of JSON names them. */
const place =
  /(?:[^\s"'():,]*\/)?(?:parallel_run_|consistency_|execution_|runs\/|handoffs\/(?:active|done)\/)[^\s"'(),]*/g;

/** Every path that the program named as one of its run, and that is not there. */
export function missingPaths(out: string, directory: string): readonly string[] {
  const said = stripVTControlCharacters(out.slice(Math.max(0, out.lastIndexOf(screenEnd))));
  const named = new Set(said.match(place)?.map((path) => path.replace(/[.;]+$/, '')));
  return [...named]
    .filter((path) => !existsSync(resolve(directory, path)))
    .map((path) => `it names "${path}", which is not there`);
}
