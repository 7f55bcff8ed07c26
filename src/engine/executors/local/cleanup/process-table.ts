import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { signalGroup } from './process-group.ts';

export type LivingProcess = { readonly parent: number; readonly group: number };

/** The system's list of processes, where it has one in /proc. */
export type ProcessTable = {
  /** All process ids, or undefined where there is no /proc. */
  pids(): readonly number[] | undefined;
  exists(pid: number): boolean;
  /** The id that was given out last; undefined where there is no /proc. */
  newest(): number | undefined;
  /** Undefined when it is dead. */
  update(pid: number): LivingProcess | undefined;
  /** Whether any process of the group still lives; those that are dead and only wait to be noticed do not count. */
  isGroupAlive(leader: number): boolean;
  close(): void;
};

export function openProcessTable(): ProcessTable {
  // Kept open, because asking for the newest is part of every attempt's end.
  const loadavg = openLoadavg();
  const line = Buffer.alloc(128);

  const isGroupAlive = (leader: number) => {
    if (!signalGroup(leader, 0)) return false;
    const all = pids();
    return all === undefined || all.some((pid) => readTable(pid)?.group === leader);
  };

  return {
    pids,
    exists: (pid) => existsSync(`/proc/${pid}`),
    newest: () => {
      if (loadavg === undefined) return undefined;
      const text = line.toString('latin1', 0, readSync(loadavg, line, 0, line.length, 0));
      const newest = Number(text.slice(text.lastIndexOf(' ') + 1));
      return Number.isInteger(newest) ? newest : undefined;
    },
    update: readTable,
    isGroupAlive,
    close: () => {
      if (loadavg !== undefined) closeSync(loadavg);
    },
  };
}

function openLoadavg(): number | undefined {
  try {
    return openSync('/proc/loadavg', 'r');
  } catch {
    return undefined;
  }
}

function pids(): readonly number[] | undefined {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return undefined;
  }
}

function readTable(pid: number): LivingProcess | undefined {
  try {
    // What precedes the last parenthesis is the program's name, which may hold anything.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ', 3);
    return state === 'Z' || state === 'X' ? undefined : { parent: Number(parent), group: Number(group) };
  } catch {
    return undefined;
  }
}
