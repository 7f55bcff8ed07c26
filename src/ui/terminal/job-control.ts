export type JobControl = {
  /** Stops the whole job, as Ctrl-Z does where the terminal is not in raw mode. */
  stopJob(): void;
  end(): void;
};

const echoMs = 200;

/**
 * Gives the terminal to the shell while the process is stopped. `comeBack` is also called after a SIGSTOP, which cannot be
 * handled when it arrives. Where no shell could continue the process, the kernel does not stop it, and this returns at once.
 */
export function controlJob(standAside: () => void, comeBack: () => void): JobControl {
  let cameBackAt = Number.NEGATIVE_INFINITY;
  const stop = (pid: number): void => {
    standAside();
    process.off('SIGTSTP', stopAlone);
    // Without a listener the signal has its default effect: the process stops within this call.
    process.kill(pid, 'SIGTSTP');
    process.on('SIGTSTP', stopAlone);
    comeBack();
    cameBackAt = performance.now();
  };
  const stopAlone = (): void => stop(process.pid);
  const continued = (): void => {
    // SIGCONT after our own stop arrives here once more.
    if (performance.now() - cameBackAt < echoMs) return;
    standAside();
    comeBack();
  };
  process.on('SIGTSTP', stopAlone);
  process.on('SIGCONT', continued);
  return {
    stopJob: () => stop(0),
    end: () => {
      process.off('SIGTSTP', stopAlone);
      process.off('SIGCONT', continued);
    },
  };
}
