export type JobControl = {
  /** Stops the whole job, as Ctrl-Z does where the terminal is not in raw mode. */
  stopJob(): void;
  end(): void;
};

const echoMs = 200;

/**
 * Leaves the terminal to the shell while the process is stopped, whoever stops it; `comeBack` also after a SIGSTOP, which
 * nobody hears of in time. Where no shell could continue us, the kernel does not stop us, and we come back at once.
 */
export function controlJob(standAside: () => void, comeBack: () => void): JobControl {
  let cameBackAt = Number.NEGATIVE_INFINITY;
  const stop = (pid: number): void => {
    standAside();
    process.off('SIGTSTP', stopAlone);
    // With no listener left the signal does what it is for; we are stopped within this call.
    process.kill(pid, 'SIGTSTP');
    process.on('SIGTSTP', stopAlone);
    comeBack();
    cameBackAt = performance.now();
  };
  const stopAlone = (): void => stop(process.pid);
  const continued = (): void => {
    // The end of our own stop is told once more.
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
