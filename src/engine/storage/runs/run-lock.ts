import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunId } from '../../model/ids.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { projectState, stateDirectory } from '../../platform/state-directory.ts';
import { acquireLockFile, lockHolder } from '../locks/lock-file.ts';
import type { LockRefusal } from '../locks/lock-record.ts';
import { startHeartbeat } from './heartbeat.ts';

/** Shows other processes that a run is under way: by the lock of its pipeline, and by the heartbeat in its directory. */
export type RunLock = {
  /** The run whose process died while it held the lock; it may have left tasks running. */
  readonly deadRun?: RunId;
  /** Starts the heartbeat in the run's directory, now and at each `reacquire`. */
  startHeartbeat(directory: string): void;
  /** Takes the lock again after `release`; returns who holds it when that fails, or that the run's logs were deleted. */
  reacquire(): LockRefusal | undefined;
  /** Releases the lock and ends the heartbeat; a second call changes nothing. */
  release(): void;
};

export type LockRequest = {
  readonly pipeline: string;
  /** Absolute. */
  readonly projectDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onProgress?: (line: string) => void;
};

/**
 * Locks a pipeline: a project runs each of its pipelines once at a time, wherever the logs are, because two runs would load
 * the same tables. Errors: those of `takeLockFile`.
 */
export function lockRun(request: LockRequest, run: RunId): Result<RunLock, LockRefusal> {
  const { pipeline, projectDir } = request;
  const state = stateDirectory(projectDir, request.env);
  if (state.isMoved)
    request.onProgress?.(`the project is not writable, so its lock and its embedded database are in ${state.path}`);
  const name = `run-${pipeline.replace(/[^A-Za-z0-9_.-]/g, '_')}.lock`;
  const path = join(state.path, name);
  const take = () => {
    // A user who can write in the project has the lock there.
    const other = state.isMoved ? lockHolder(join(projectState(projectDir), name)) : undefined;
    return other === undefined ? acquireLockFile(path, { run, pipeline }) : failed(other);
  };
  const first = take();
  if (!first.ok) return first;
  let releases: (() => void)[] = [first.value.release];
  let directory: string | undefined;
  const { deadRun } = first.value;
  const release = () => {
    const all = releases.reverse();
    releases = [];
    for (const one of all) one();
  };
  return ok({
    ...(deadRun === undefined ? {} : { deadRun }),
    startHeartbeat: (of) => {
      directory = of;
      releases.push(startHeartbeat(of, path).stop);
    },
    reacquire: () => {
      if (releases.length > 0) return undefined;
      const again = take();
      if (!again.ok) return again.error;
      releases.push(again.value.release);
      if (directory === undefined) return undefined;
      releases.push(startHeartbeat(directory, path).stop);
      // Who deletes old runs looks for the heartbeat once more after the first step; see `deleteRun`.
      if (existsSync(directory)) return undefined;
      release();
      return logsDeleted(run);
    },
    release,
  });
}

function logsDeleted(run: RunId): LockRefusal {
  return {
    code: 'run/unknown-run',
    severity: 'error',
    message: `the logs of run ${run} have been deleted`,
    hint: 'start a new run',
  };
}
