import { readdirSync, readlinkSync } from 'node:fs';
import type { RunId } from '../../../../../../src/engine/model/ids.ts';
import { isAlive, textOf } from '../leftover-processes.ts';

/**
 * Living processes of the run's tasks, or of one: what has its id in the environment, and what names the mark in its command
 * line. A zombie has neither.
 */
export function survivorsOf(run: RunId, mark: string, task = ''): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
    .filter(
      (pid) => textOf(pid, 'environ').includes(`/${run}/${task}`) || textOf(pid, 'cmdline').includes(`: ${mark}`),
    );
}

/** Living processes whose working directory is below `directory`, such as slots and guardian; zombies have none. */
export function workingIn(directory: string): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && linkOf(pid).startsWith(directory) && isAlive(pid));
}

function linkOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}
