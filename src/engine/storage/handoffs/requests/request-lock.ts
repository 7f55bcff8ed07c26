import { join } from 'node:path';
import type { Diagnostic } from '../../../model/diagnostic.ts';
import type { RunId } from '../../../model/ids.ts';
import { ok, type Result } from '../../../model/result.ts';
import { stateDirectory } from '../../../platform/state-directory.ts';
import { acquireLockFile } from '../../locks/lock-file.ts';
import { type LockRecord, placeOf } from '../../locks/lock-record.ts';

/**
 * Makes sure that one process at a time carries out the requests of a project. Returns the way to give that up. Errors:
 * `run/locked`, `run/cannot-write`.
 */
export function lockRequests(
  projectDir: string,
  env: Readonly<Record<string, string | undefined>>,
): Result<() => void, Diagnostic> {
  const path = join(stateDirectory(projectDir, env).path, 'requests.lock');
  const lock = acquireLockFile(path, { run: 'none' as RunId, pipeline: 'requests' }, refuse);
  return lock.ok ? ok(lock.value.release) : lock;
}

function refuse(path: string, holder: LockRecord): Diagnostic {
  const place = placeOf(holder);
  const process = holder.pid === 0 ? 'another process' : `process ${holder.pid}${place}`;
  return {
    code: 'run/locked',
    severity: 'error',
    message: `Requests of this project are already being carried out by ${process}`,
    hint:
      place === ''
        ? 'put the file into the directory that it watches, or wait until it ends'
        : `wait until it ends; if it no longer runs, remove "${path}"`,
  };
}
