import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, constants, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatLimit } from '../../../model/text/format-duration.ts';
import { makeTemporaryDirectory } from '../../../platform/private-files.ts';
import { withDeadline } from '../../../platform/with-deadline.ts';
import type { OutputStream } from '../../../ports.ts';
import type { DeathSignal } from '../slots/death-signal.ts';

/** Made together, because a program has to be started to make them. */
const maxPairsAtOnce = 8;
const makeWithinMs = 10_000;

type PipeEnds = { readonly readFd: number; readonly writeFd: number };

/** Two pipes. Whoever takes them closes them, the write ends as soon as a child process has inherited them. */
export type OutputPipes = Readonly<Record<OutputStream, PipeEnds>>;

export type PipeSource = {
  /** Begins to make as many pairs; a failure is left to `take`, which tries again. */
  prepare(pairs: number): void;
  /** Rejects when the system gives no more. */
  take(): Promise<OutputPipes>;
  /** Closes what was not taken. */
  close(): void;
};

/**
 * Real pipes, where Node's own stdio would be sockets: a socket cannot be opened again by name, so that the everyday
 * `tee /dev/stderr` and `>/dev/stdout` would fail in tasks.
 * @param directory private; where their names are for a moment when the system's temporary directory is unusable
 */
export function createPipeSource(directory: string, deathSignal: DeathSignal): PipeSource {
  const spare: OutputPipes[] = [];
  let making: Promise<void> | undefined;

  const make = async (pairs: number) => {
    try {
      const places = [tmpdir(), directory];
      spare.push(...(await makePairsSomewhere(places, Math.min(pairs, maxPairsAtOnce), deathSignal)));
    } finally {
      making = undefined;
    }
  };

  return {
    prepare: (pairs) => {
      making ??= make(pairs);
      making.catch(() => undefined);
    },
    take: async () => {
      for (;;) {
        const pipes = spare.pop();
        if (pipes !== undefined) return pipes;
        making ??= make(maxPairsAtOnce);
        await making;
      }
    },
    close: () => {
      for (const { stdout, stderr } of spare.splice(0)) closeEnds([stdout, stderr]);
    },
  };
}

/**
 * They have names until they are open. The system's temporary directory comes first, because not every file system can
 * hold FIFOs; but it may be full, read-only or not there.
 */
async function makePairsSomewhere(
  places: readonly string[],
  count: number,
  deathSignal: DeathSignal,
): Promise<readonly OutputPipes[]> {
  const errors = new Set<string>();
  for (const place of places) {
    try {
      return await makePairs(place, count, deathSignal);
    } catch (error) {
      // Without the path: it is that of a directory which is gone when somebody reads this.
      errors.add((error as Error).message.replace(/, \w+ '[^']*'$/, ''));
    }
  }
  throw new Error([...errors].join('; '));
}

async function makePairs(place: string, count: number, deathSignal: DeathSignal): Promise<readonly OutputPipes[]> {
  const directory = makeTemporaryDirectory(join(place, 'etl-tui-'));
  const opened: PipeEnds[] = [];
  try {
    const paths = Array.from({ length: 2 * count }, (_, index) => join(directory, String(index)));
    await makeFifos(directory, paths, deathSignal);
    for (const path of paths) {
      // Whatever the umask; `mkfifo -m` needs /proc for it.
      chmodSync(path, 0o600);
      opened.push(openFifo(path));
    }
    return Array.from({ length: count }, (_, pair) => ({
      stdout: opened[2 * pair]!,
      stderr: opened[2 * pair + 1]!,
    }));
  } catch (error) {
    closeEnds(opened);
    throw error;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** It is the first program that is started with the death signal, and so shows whether that is possible. */
async function makeFifos(directory: string, paths: readonly string[], deathSignal: DeathSignal): Promise<void> {
  if (!deathSignal.isAvailable()) return runMkfifo(directory, 'mkfifo', paths);
  try {
    await runMkfifo(directory, ...deathSignal.command('mkfifo', paths));
  } catch {
    await runMkfifo(directory, 'mkfifo', paths);
    deathSignal.giveUp();
  }
}

async function runMkfifo(directory: string, command: string, args: readonly string[]): Promise<void> {
  // With LC_ALL=C it loads no locale, which takes longer than making the FIFOs.
  const env = { ...process.env, LC_ALL: 'C' };
  const program = spawn(command, args, { stdio: 'ignore', env });
  const [code] = (await withDeadline(once(program, 'exit'), makeWithinMs, () => {
    program.kill('SIGKILL');
    throw new Error(`mkfifo has not ended within ${formatLimit(makeWithinMs)}`);
  })) as [number | null];
  if (code === 0) return;
  // Says why, where nothing at all can be created: no space, no inodes.
  writeFileSync(join(directory, 'probe'), '');
  throw new Error(`mkfifo ended with ${code ?? 'a signal'} in ${directory}`);
}

/** The reading end is opened first and without waiting for a writer, so that opening the writing end does not block either. */
function openFifo(path: string): PipeEnds {
  const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return { readFd, writeFd: openSync(path, constants.O_WRONLY) };
  } catch (error) {
    closeSync(readFd);
    throw error;
  }
}

function closeEnds(ends: readonly PipeEnds[]): void {
  for (const { readFd, writeFd } of ends) {
    closeSync(readFd);
    closeSync(writeFd);
  }
}
