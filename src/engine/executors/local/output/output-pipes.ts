import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withDeadline } from '../../../platform/with-deadline.ts';
import type { OutputStream } from '../../../ports.ts';

/** Made together, because a program has to be started to make them. */
const pairsAtOnce = 8;
const makeWithinMs = 10_000;

type PipeEnds = { readonly readFd: number; readonly writeFd: number };

/** Two pipes. Whoever takes them closes them, the write ends as soon as they have been handed on. */
export type OutputPipes = Readonly<Record<OutputStream, PipeEnds>>;

export type PipeSource = {
  /** Rejects when the system gives no more. */
  take(): Promise<OutputPipes>;
  /** Closes what nobody has taken. */
  close(): void;
};

/**
 * Real pipes, where Node's own stdio would be sockets: a socket cannot be opened again by name, so that the everyday
 * `tee /dev/stderr` and `>/dev/stdout` would fail in tasks.
 */
export function createPipeSource(): PipeSource {
  const spare: OutputPipes[] = [];
  let making: Promise<void> | undefined;

  const make = async () => {
    try {
      spare.push(...(await makePairs()));
    } finally {
      making = undefined;
    }
  };

  return {
    take: async () => {
      for (;;) {
        const pipes = spare.pop();
        if (pipes !== undefined) return pipes;
        making ??= make();
        await making;
      }
    },
    close: () => {
      for (const { stdout, stderr } of spare.splice(0)) closeEnds([stdout, stderr]);
    },
  };
}

/** They have names for as long as it takes to open them, in a directory of the machine's own: not every disk has pipes. */
async function makePairs(): Promise<readonly OutputPipes[]> {
  const directory = mkdtempSync(join(tmpdir(), 'etl-tui-'));
  const opened: PipeEnds[] = [];
  try {
    const paths = Array.from({ length: 2 * pairsAtOnce }, (_, index) => join(directory, String(index)));
    await makeFifos(paths);
    for (const path of paths) opened.push(openFifo(path));
    return Array.from({ length: pairsAtOnce }, (_, pair) => ({
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

async function makeFifos(paths: readonly string[]): Promise<void> {
  const program = spawn('mkfifo', ['-m', '600', ...paths], { stdio: 'ignore' });
  const [code] = (await withDeadline(once(program, 'exit'), makeWithinMs, () => {
    program.kill('SIGKILL');
    throw new Error(`mkfifo has not ended within ${makeWithinMs / 1_000} s`);
  })) as [number | null];
  if (code !== 0) throw new Error(`mkfifo ended with ${code ?? 'a signal'}`);
}

/** The reader first, and not waiting for a writer; the writer then finds it there. */
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
