/** Sends SIGTERM to a process group, and SIGCONT, without which a stopped one would not receive it. */
export function terminateGroup(leader: number): void {
  signalGroup(leader, 'SIGTERM');
  signalGroup(leader, 'SIGCONT');
}

export function killGroup(leader: number): void {
  signalGroup(leader, 'SIGKILL');
}

/** Whether the group exists; zombies count. */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  return send(-checked(leader), signal);
}

/** As `terminateGroup`, for one process. */
export function terminateProcess(pid: number): void {
  signalProcess(pid, 'SIGTERM');
  signalProcess(pid, 'SIGCONT');
}

export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  send(checked(pid), signal);
}

/** Negated, 0 and 1 would signal our own group and every process there is. */
function checked(pid: number): number {
  if (!Number.isInteger(pid) || pid <= 1) throw new Error(`no process of an attempt: ${pid}`);
  return pid;
}

function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(target, signal);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
