import { readdirSync, readFileSync } from 'node:fs';

/** Asks a process group to end; one that is stopped could not hear it, so it is woken. */
export function terminateGroup(leader: number): void {
  signalGroup(leader, 'SIGTERM');
  signalGroup(leader, 'SIGCONT');
}

export function killGroup(leader: number): void {
  signalGroup(leader, 'SIGKILL');
}

/** Whether any process of the group still lives; those that are dead and only wait to be noticed do not count. */
export function isGroupAlive(leader: number): boolean {
  return signalGroup(leader, 0) && hasLivingMember(leader);
}

/** As for a group, for one process. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  send(checked(pid), signal);
}

function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  return send(-checked(leader), signal);
}

/** 0 and 1 would mean our own group and everything there is. */
function checked(pid: number): number {
  if (!Number.isInteger(pid) || pid <= 1) throw new Error(`not a process of ours: ${pid}`);
  return pid;
}

/** Whether there was anybody to receive the signal. */
function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(target, signal);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function hasLivingMember(leader: number): boolean {
  const pids = processIds();
  return pids === undefined || pids.some((pid) => groupOf(pid) === leader);
}

/** The group of a living process; undefined when it is dead, or there is no /proc to look at. */
export function groupOf(pid: number): number | undefined {
  try {
    // What precedes the last parenthesis is the program's name, which may hold anything.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? undefined : Number(group);
  } catch {
    return undefined;
  }
}

/** All processes there are, or undefined where the system has no /proc. */
export function processIds(): readonly number[] | undefined {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return undefined;
  }
}
