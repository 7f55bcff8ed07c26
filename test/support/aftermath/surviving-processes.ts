import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { findMark } from '../../../src/engine/executors/process/process-mark.ts';

/**
 * Living processes of a project in which no etl-tui runs any more: they carry the mark of one of its runs, or work in one
 * of its directories, as slots, the guardian and tasks do. The server of its database has a check of its own.
 */
export function survivingProcesses(directory: string, runs: readonly string[]): readonly string[] {
  const root = realpathSync(directory);
  const database = join(root, '.etl-tui', 'db') + sep;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const at = cwdOf(pid);
      if (`${at}${sep}`.startsWith(database)) return [];
      const mark = findMark(textOf(pid, 'environ'));
      const isMarked = mark !== undefined && runs.includes(mark.ref.run);
      const isInside = at === root || at.startsWith(root + sep);
      if ((!isMarked && !isInside) || !isAlive(pid)) return [];
      const command = textOf(pid, 'cmdline').split('\0').join(' ').trim();
      return [`process ${pid} still lives${isMarked ? ` (of "${mark.ref.task}")` : ''}: ${command}`];
    });
}

function isAlive(pid: string): boolean {
  return /^State:\s+[^ZX]/m.test(textOf(pid, 'status'));
}

function textOf(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** A removed directory is still told, with a remark behind it. */
function cwdOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, '');
  } catch {
    return '';
  }
}
