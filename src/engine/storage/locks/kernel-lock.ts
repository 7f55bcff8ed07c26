import { spawnSync } from 'node:child_process';

/** `held`: another open file has the lock. `unsupported`: the file system has no such locks, or no program that takes them is installed. */
export type KernelLockAnswer = 'locked' | 'held' | 'unsupported';

/** Locks an open file, or says why not; it never waits for another holder. */
export type KernelLock = (fd: number) => KernelLockAnswer;

const flock = { program: 'flock', argv: ['-n', '3'] };
/** Where there is no `flock`, as on macOS. 6 is LOCK_EX | LOCK_NB everywhere; `+<&=` takes the descriptor itself. */
const perl = {
  program: 'perl',
  argv: ['-MErrno', '-e', 'open F, "+<&=3" or exit 2; exit(flock(F, 6) ? 0 : $!{EWOULDBLOCK} ? 1 : 2)'],
};

/** A file server that does not respond must not keep a run from starting for longer. */
const timeoutMs = 3_000;

/**
 * Locks the file behind `fd` until this process closes it or dies: then the kernel frees the lock, at once and on every
 * way to die, and it knows no process numbers, which may be used again or mean nothing in another container.
 *
 * Node cannot call `flock(2)`. The lock belongs to the open file and not to the process that asks for it, so a program that is
 * started with the same open file can ask for it, and end. Our other children do not get the file, and so do not hold it.
 */
export function lockByKernel(fd: number): KernelLockAnswer {
  for (const { program, argv } of [flock, perl]) {
    const { status, stderr } = spawnSync(program, argv, {
      stdio: ['ignore', 'ignore', 'pipe', fd],
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      encoding: 'utf8',
    });
    if (status === 0) return 'locked';
    // Some programs end with 1 after an error too, but then say why.
    if (status === 1 && stderr === '') return 'held';
  }
  return 'unsupported';
}
