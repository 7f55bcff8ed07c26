import { readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Diagnostic } from '../model/diagnostic.ts';
import { failed, ok, type Result } from '../model/result.ts';
import type { ReadIncluded } from '../spec/include/included-file.ts';

/** A pipeline file and the project it belongs to. */
export type FoundPipeline = {
  /** As people should see it: relative to the working directory when it lies below. */
  readonly file: string;
  /** Absolute. */
  readonly path: string;
  /** Absolute; commands run here, and logs and outputs lie below. */
  readonly projectDir: string;
  readonly text: string;
  /** Reads the files that it includes. */
  readonly readIncluded: ReadIncluded;
};

/** Where the pipeline of a project usually lies, relative to its directory. */
export const usualPlaces = ['etl/config/pipeline_dag.yaml', 'pipeline.yaml'];

/**
 * The pipeline file that was named, and then the project is the working directory; or the one in a directory that was
 * named, which then is the project; otherwise the first of the usual
 * places, searched upwards from the working directory, and the project is the directory in which it was found.
 * Errors: `usage/no-pipeline`, `spec/unreadable`.
 */
export function findPipeline(given: string | undefined, cwd: string): Result<FoundPipeline, Diagnostic> {
  if (given === undefined && kindOf(join(cwd, 'pipeline.yaml')) === 'closed') return failed(closedDirectory(cwd));
  if (given !== undefined)
    return isDirectory(resolve(cwd, given)) ? findIn(given, cwd) : read(resolve(cwd, given), cwd, cwd);
  for (let directory = resolve(cwd); ; directory = dirname(directory)) {
    for (const place of usualPlaces) {
      const path = join(directory, place);
      if (isFile(path)) return read(path, directory, cwd);
    }
    if (directory === dirname(directory)) return failed(notFound);
  }
}

function read(path: string, projectDir: string, cwd: string): Result<FoundPipeline, Diagnostic> {
  const file = shownIn(cwd, path);
  try {
    return ok({ file, path, projectDir, text: readText(path), readIncluded: includeReader(cwd) });
  } catch (error) {
    return failed(unreadable(file, error as NodeJS.ErrnoException));
  }
}

function shownIn(cwd: string, path: string): string {
  const below = relative(cwd, path);
  return below.startsWith('..') ? path : below;
}

function readText(path: string): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
}

/**
 * Reads the files that those in `cwd` include. Files are named as people should see them, and so `from` leads to the directory
 * of the file that includes.
 */
export function includeReader(cwd: string): ReadIncluded {
  return (written, from) => {
    const path = resolve(cwd, dirname(from), written);
    try {
      // A pipe would have to be waited for.
      if (!statSync(path).isFile()) return failed('it is not a file');
      return ok({ file: shownIn(cwd, path), text: readText(path) });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return failed(code === 'ENOENT' || code === 'ENOTDIR' ? 'there is no such file' : reasonOf(error));
    }
  };
}

/** A directory that was named stands for the pipeline in it. */
function findIn(given: string, cwd: string): Result<FoundPipeline, Diagnostic> {
  const directory = resolve(cwd, given);
  const place = usualPlaces.find((one) => isFile(join(directory, one)));
  return place === undefined ? failed(noneIn(given)) : read(join(directory, place), directory, cwd);
}

function isDirectory(path: string): boolean {
  return kindOf(path) === 'directory';
}

function isFile(path: string): boolean {
  return kindOf(path) === 'file';
}

function kindOf(path: string): 'directory' | 'file' | 'closed' | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isDirectory() ? 'directory' : stats?.isFile() ? 'file' : undefined;
  } catch (error) {
    // Anything else is no place for a file either: a part of the path that is a file, a circle of links.
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'closed' : undefined;
  }
}

function unreadable(file: string, error: NodeJS.ErrnoException): Diagnostic {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
    return {
      code: 'usage/no-pipeline',
      severity: 'error',
      message: `there is no file "${file}"`,
      hint: 'paths are relative to the working directory',
    };
  }
  return { code: 'spec/unreadable', severity: 'error', message: `"${file}" cannot be read: ${reasonOf(error)}` };
}

function reasonOf(error: unknown): string {
  if ((error as NodeJS.ErrnoException).code === 'EACCES') return 'permission denied';
  return error instanceof TypeError ? 'it is not text in UTF-8' : (error as Error).message;
}

function closedDirectory(cwd: string): Diagnostic {
  return {
    code: 'spec/unreadable',
    severity: 'error',
    message: `"${cwd}" cannot be searched for a pipeline file: permission denied`,
    hint: 'run as a user with access to the directory, or give a file: etl-tui run FILE',
  };
}

const notFound: Diagnostic = {
  code: 'usage/no-pipeline',
  severity: 'error',
  message: `no pipeline file here or in any directory above: neither ${usualPlaces.join(' nor ')}`,
  hint: 'create one with "etl-tui init", or give a file: etl-tui run FILE',
};

function noneIn(directory: string): Diagnostic {
  return {
    code: 'usage/no-pipeline',
    severity: 'error',
    message: `"${directory}" is a directory without a pipeline file: neither ${usualPlaces.join(' nor ')}`,
    hint: 'give a file: etl-tui run FILE',
  };
}
