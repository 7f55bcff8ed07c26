import { execFileSync } from 'node:child_process';
import { type Program, startProgram } from '../start-program.ts';

/** As in another container of the same host name: its processes cannot be seen from here by number, nor ours from there. */
const argv = ['--pid', '--fork', '--mount-proc', '--kill-child=SIGKILL'];

/** Whether this user may make such a container. */
export const hasContainers = (() => {
  try {
    execFileSync('unshare', [...argv, 'true'], { stdio: 'ignore', timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
})();

/** Starts a built program in a container; killing it kills the container. */
export function startInContainer(file: string, args: readonly string[]): Program {
  return startProgram('unshare', [...argv, process.execPath, file, ...args]);
}
