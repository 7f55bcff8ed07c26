import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RunId } from '../../../../../src/engine/model/ids.ts';
import { lockByKernel } from '../../../../../src/engine/storage/locks/kernel-lock.ts';
import { acquireLockFile } from '../../../../../src/engine/storage/locks/lock-file.ts';
import { freshDirectory } from '../fresh-directory.ts';

export const about = { run: '20260105_070000_ab12' as RunId, pipeline: 'nfl' };
export const byKernel = lockByKernel;
/** As where the kernel gives no locks. */
export const byRecord = () => 'unsupported' as const;

export function freshLock(): string {
  return join(freshDirectory(), 'logs', 'nfl.lock');
}

/** Released when the test is over. */
export function acquire(path: string, lock = byKernel, run = about.run) {
  const acquired = acquireLockFile(path, { ...about, run }, undefined, lock);
  if (acquired.ok) onTestFinished(acquired.value.release);
  return acquired;
}
