/** Asks a process group to end; one that is stopped could not hear it, so it is woken. */
export function terminateGroup(leader: number): void {
  signalGroup(leader, 'SIGTERM');
  signalGroup(leader, 'SIGCONT');
}

export function killGroup(leader: number): void {
  signalGroup(leader, 'SIGKILL');
}

/** Whether there was anybody to receive the signal, be they only dead and waiting to be noticed. */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  return send(-checked(leader), signal);
}

/** As for a group, for one process. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  send(checked(pid), signal);
}

/** 0 and 1 would mean our own group and everything there is. */
function checked(pid: number): number {
  if (!Number.isInteger(pid) || pid <= 1) throw new Error(`not a process of ours: ${pid}`);
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
