import { readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Diagnostic } from '../model/diagnostic.ts';
import { failed, ok, type Result } from '../model/result.ts';

/** A pipeline file and the project it belongs to. */
export type FoundPipeline = {
  /** As people should see it: relative to the working directory when it lies below. */
  readonly file: string;
  /** Absolute. */
  readonly path: string;
  /** Absolute; commands run here, and logs and outputs lie below. */
  readonly projectDir: string;
  readonly text: string;
};

const defaultPaths = ['etl/config/pipeline_dag.yaml', 'pipeline.yaml'];

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
    for (const place of defaultPaths) {
      const path = join(directory, place);
      if (isFile(path)) return read(path, directory, cwd);
    }
    if (directory === dirname(directory)) return failed(notFound);
  }
}

function read(path: string, projectDir: string, cwd: string): Result<FoundPipeline, Diagnostic> {
  const below = relative(cwd, path);
  const file = below.startsWith('..') ? path : below;
  try {
    return ok({ file, path, projectDir, text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)) });
  } catch (error) {
    return failed(unreadable(file, error as NodeJS.ErrnoException));
  }
}

/** A directory that was named stands for the pipeline in it. */
function findIn(given: string, cwd: string): Result<FoundPipeline, Diagnostic> {
  const directory = resolve(cwd, given);
  const place = defaultPaths.find((one) => isFile(join(directory, one)));
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
  const why =
    error.code === 'EACCES'
      ? 'permission denied'
      : error instanceof TypeError
        ? 'it is not text in UTF-8'
        : error.message;
  return { code: 'spec/unreadable', severity: 'error', message: `"${file}" cannot be read: ${why}` };
}

function closedDirectory(cwd: string): Diagnostic {
  return {
    code: 'spec/unreadable',
    severity: 'error',
    message: `"${cwd}" cannot be searched for a pipeline file: permission denied`,
    hint: 'run as a user who may enter the directory, or name a file: etl-tui run FILE',
  };
}

const notFound: Diagnostic = {
  code: 'usage/no-pipeline',
  severity: 'error',
  message: `no pipeline file here or in any directory above: neither ${defaultPaths.join(' nor ')}`,
  hint: 'name a file: etl-tui run FILE',
};

function noneIn(directory: string): Diagnostic {
  return {
    code: 'usage/no-pipeline',
    severity: 'error',
    message: `"${directory}" is a directory without a pipeline file: neither ${defaultPaths.join(' nor ')}`,
    hint: 'name a file: etl-tui run FILE',
  };
}
