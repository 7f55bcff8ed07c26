import { isAbsolute, relative, resolve } from 'node:path';
import { fromRunDir, pathInRunDir } from '../../model/pipeline/run-dir-path.ts';
import { findMatches, isPattern } from './find-matches.ts';

/** Where the paths of a pipeline begin, both absolute: in the directory of the run with `$ETL_RUN_DIR/`, else in the project. */
export type PathRoots = { readonly projectDir: string; readonly runDir: string };

/** The absolute paths that a path stands for: itself, whether or not something is there, and of a pattern its matches. */
export async function placesOf(path: string, { projectDir, runDir }: PathRoots): Promise<readonly string[]> {
  const rest = pathInRunDir(path);
  const [root, below] = rest === undefined ? [projectDir, path] : [runDir, rest];
  return isPattern(below) ? findMatches(root, below) : [resolve(root, below)];
}

/** The absolute path as a pipeline would name it. The directory of the run may lie in the project. */
export function nameOfPlace(place: string, { projectDir, runDir }: PathRoots): string {
  const rest = relative(runDir, place);
  const isInRunDir = !rest.startsWith('..') && !isAbsolute(rest);
  return isInRunDir ? fromRunDir(rest) : relative(projectDir, place);
}
