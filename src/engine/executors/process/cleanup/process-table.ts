import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { signalGroup } from './process-group.ts';

export type LivingProcess = {
  readonly parent: number;
  readonly group: number;
  /** In clock ticks since boot, as text. */
  readonly startTime: string;
};

/** The processes of the system, where they are listed in /proc. */
export type ProcessTable = {
  /** All process ids, or undefined where there is no /proc. */
  pids(): readonly number[] | undefined;
  exists(pid: number): boolean;
  /** The pid that the kernel assigned last; undefined where there is no /proc. */
  newest(): number | undefined;
  /** Undefined when it has ended. */
  find(pid: number): LivingProcess | undefined;
  /** Whether any process of the group still lives; zombies do not count. */
  isGroupAlive(leader: number): boolean;
  close(): void;
};

export function openProcessTable(): ProcessTable {
  // Kept open, because it is read at the end of every attempt.
  const loadavg = openLoadavg();
  const line = Buffer.alloc(128);

  const isGroupAlive = (leader: number) => {
    if (!signalGroup(leader, 0)) return false;
    const all = pids();
    return all === undefined || all.some((pid) => findProcess(pid)?.group === leader);
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
    find: findProcess,
    isGroupAlive,
    close: () => {
      if (loadavg !== undefined) closeSync(loadavg);
    },
  };
}

/**
 * PF_EXITING: it runs nothing any more, but is no zombie yet. The first process of a PID namespace stays so until all others
 * have been waited for, by whoever became their parent.
 */
const isExiting = 0x4;

function openLoadavg(): number | undefined {
  try {
    return openSync('/proc/loadavg', 'r');
  } catch {
    return undefined;
  }
}

/** An empty /proc tells nothing: not even this process is in it. */
function pids(): readonly number[] | undefined {
  try {
    const found = readdirSync('/proc').map(Number).filter(Number.isInteger);
    return found.length === 0 ? undefined : found;
  } catch {
    return undefined;
  }
}

function findProcess(pid: number): LivingProcess | undefined {
  try {
    // Fields 1 and 2 end with the last parenthesis: the program's name, field 2, may hold anything.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ', 20);
    const [state, parent, group, , , , flags] = fields;
    if (state === 'Z' || state === 'X' || (Number(flags) & isExiting) !== 0) return undefined;
    return { parent: Number(parent), group: Number(group), startTime: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}
