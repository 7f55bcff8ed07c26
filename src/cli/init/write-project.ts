import { existsSync, lstatSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Diagnostic, failed, ok, type Result, writeError } from '../../engine/index.ts';

/** The paths, of these relative ones, at which something is already, or cannot be because a file is where a directory has to be. */
export function pathsInTheWay(directory: string, paths: Iterable<string>): readonly string[] {
  return [...paths].filter((path) => kindOf(join(directory, path)) !== 'nothing');
}

/** A link that leads nowhere is something, too. */
function kindOf(path: string): 'nothing' | 'something' {
  try {
    lstatSync(path);
    return 'something';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOTDIR' ? 'something' : 'nothing';
  }
}

/**
 * Writes all files, or none: what was written is removed again when one of them cannot be. What has appeared at one of the
 * paths meanwhile is left as it is. Errors: `run/cannot-write`.
 */
export function writeProject(directory: string, files: ReadonlyMap<string, string>): Result<undefined, Diagnostic> {
  const undo: (() => void)[] = [];
  let path = directory;
  try {
    makeDirectory(directory, undo);
    for (const [name, text] of files) {
      path = join(directory, name);
      makeDirectory(dirname(path), undo);
      writeFileSync(path, text, { flag: 'wx' });
      const written = path;
      undo.push(() => rmSync(written));
    }
    return ok(undefined);
  } catch (error) {
    for (const step of undo.reverse()) quietly(step);
    return failed(writeError(path, error, 'give another directory: etl-tui init DIR'));
  }
}

/** With those above it. */
function makeDirectory(path: string, undo: (() => void)[]): void {
  const missing: string[] = [];
  for (let one = path; !existsSync(one); one = dirname(one)) missing.unshift(one);
  for (const one of missing) {
    mkdirSync(one);
    undo.push(() => rmdirSync(one));
  }
}

function quietly(step: () => void): void {
  try {
    step();
  } catch {
    // What cannot be removed stays.
  }
}
