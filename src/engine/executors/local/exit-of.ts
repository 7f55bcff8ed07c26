import { constants } from 'node:os';
import type { Exit } from '../../model/task-state.ts';

const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** Bash may keep quiet about these, so that their status has to do. */
const quietSignals: ReadonlySet<number> = new Set([
  constants.signals.SIGINT,
  constants.signals.SIGPIPE,
  constants.signals.SIGTERM,
]);

/**
 * The exit behind bash's status, which is 128 + n both for a process that died of signal n and for one that exited with
 * that code. Bash's remarks tell them apart: `[1]+  Exit 143  (…)` against `[1]+  Terminated  (…)`, or a line that names
 * the pid of what was killed. The words are translated, the numbers are not.
 */
export function exitOf(code: number, pid: number, remarks: readonly string[]): Exit {
  const signal = signalNames.get(code - 128);
  if (signal === undefined) return { kind: 'exited', code };
  const states = remarks
    .map((remark) => /^\[\d+\]\S*\s+([^(]*)/.exec(remark)?.[1])
    .filter((state) => state !== undefined);
  if (states.some((state) => names(state, code))) return { kind: 'exited', code };
  const killed = states.length > 0 || remarks.some((remark) => names(remark, pid));
  return killed || quietSignals.has(code - 128) ? { kind: 'signalled', signal } : { kind: 'exited', code };
}

function names(text: string, number: number): boolean {
  return new RegExp(`(^|\\D)${number}(\\D|$)`).test(text);
}
