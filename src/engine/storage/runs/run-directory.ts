import { closeSync, constants, fchmodSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { RunId } from '../../model/ids.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { writeError } from '../fs/cannot-write.ts';
import { makeLogDirectory, makePrivateDirectory } from '../fs/private-directory.ts';
import { writeFully } from '../fs/write-fully.ts';
import { type RunPaths, runPaths } from './run-paths.ts';

export type NewRun = {
  /** Absolute. */
  readonly logDir: string;
  readonly run: RunId;
  /** The pipeline file as it was read, what `encodePipeline` makes of it, and the hash of its plan; without secrets. */
  readonly pipeline: { readonly text: string; readonly stored: string; readonly planHash: string };
};

/** Creates the directories of a new run and stores the pipeline there; only this user can read them. */
export function createRunDirectory({ logDir, run, pipeline }: NewRun): Result<RunPaths, Diagnostic> {
  const paths = runPaths(logDir, run);
  let at = logDir;
  try {
    makeLogDirectory(at);
    for (at of [dirname(paths.directory), dirname(paths.performance)]) makePrivateDirectory(at);
    at = paths.directory;
    // Not recursive, so that it fails when another run has the directory.
    mkdirSync(at, { mode: 0o700 });
    for (at of [paths.directory, paths.tasks]) makePrivateDirectory(at);
    at = paths.pipeline;
    createFile(at, pipelineText(pipeline));
    at = paths.stored;
    createFile(at, pipeline.stored);
    return ok(paths);
  } catch (error) {
    return failed(writeError(at, error));
  }
}

/** The hash is a comment at the end, where it does not change line numbers. */
export function pipelineText({ text, planHash }: NewRun['pipeline']): string {
  return `${text}${text.endsWith('\n') ? '' : '\n'}# etl-tui plan ${planHash}\n`;
}

function createFile(path: string, text: string): void {
  const fd = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    fchmodSync(fd, 0o600);
    writeFully(fd, Buffer.from(text));
  } finally {
    closeSync(fd);
  }
}
