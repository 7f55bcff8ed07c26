import { constants } from 'node:os';
import type { Exit } from '../model/task-state.ts';

const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** Bash keeps quiet about these, so that only their status tells of them. */
const quietSignals: ReadonlySet<number> = new Set(
  [constants.signals.SIGINT, constants.signals.SIGPIPE, constants.signals.SIGTERM].filter(Number.isInteger),
);

/**
 * The exit behind bash's status, which is 128 + n both for a process that died of signal n and for one that exited with
 * that code. What tells them apart is that bash remarks on the pid of the former.
 */
export function exitOf(code: number, pid: number, remarks: readonly string[]): Exit {
  const signal = signalNames.get(code - 128);
  if (signal === undefined) return { kind: 'exited', code };
  const named = new RegExp(`(^|\\D)${pid}(\\D|$)`);
  if (quietSignals.has(code - 128) || remarks.some((remark) => named.test(remark)))
    return { kind: 'signalled', signal };
  return { kind: 'exited', code };
}
