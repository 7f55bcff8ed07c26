import { join } from 'node:path';
import type { RunId } from '../../model/ids.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { projectState, type StateDirectory } from '../../platform/state-directory.ts';
import { type LockRefusal, lockHolder, takeRunLock } from './run-lock.ts';
import { ownRun } from './run-owner.ts';

/** What tells others that a run goes on: the lock of its pipeline, and the name of this process in its directory. */
export type RunClaim = {
  /** Puts our name into the run's directory, and again each time that the claim is taken again. */
  own(directory: string): void;
  /** Takes again what was given back; says who has it, if somebody else does. */
  retake(): LockRefusal | undefined;
  /** Gives all of it back; a second call changes nothing. */
  release(): void;
};

/**
 * Claims a run: there is one of a pipeline at a time in a project, wherever each writes its logs, because they would load
 * the same tables. Errors: those of `takeRunLock`.
 * @param projectDir absolute
 * @param state see `stateDirectory`
 */
export function claimRun(
  projectDir: string,
  state: StateDirectory,
  about: { readonly run: RunId; readonly pipeline: string },
): Result<RunClaim, LockRefusal> {
  const name = `run-${about.pipeline.replace(/[^A-Za-z0-9_.-]/g, '_')}.lock`;
  const path = join(state.path, name);
  const take = () => {
    // Somebody who may write in the project has the lock there.
    const other = state.isMoved ? lockHolder(join(projectState(projectDir), name)) : undefined;
    return other === undefined ? takeRunLock(path, about) : failed(other);
  };
  const first = take();
  if (!first.ok) return first;
  let held: (() => void)[] = [first.value.release];
  let directory: string | undefined;
  return ok({
    own: (of) => {
      directory = of;
      held.push(ownRun(of).release);
    },
    retake: () => {
      if (held.length > 0) return undefined;
      const again = take();
      if (!again.ok) return again.error;
      held.push(again.value.release);
      if (directory !== undefined) held.push(ownRun(directory).release);
      return undefined;
    },
    release: () => {
      const all = held.reverse();
      held = [];
      for (const release of all) release();
    },
  });
}
