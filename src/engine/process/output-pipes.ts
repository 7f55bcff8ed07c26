import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { OutputStream } from '../ports.ts';

/** Made together, because a program has to be started to make them. */
const pairsAtOnce = 8;

type PipeEnds = { readonly readFd: number; readonly writeFd: number };

/** Two pipes. Whoever takes them closes them, the write ends as soon as they have been handed on. */
export type OutputPipes = Readonly<Record<OutputStream, PipeEnds>>;

/** Where pipes come from. Rejects when the system gives no more. */
export type PipeSource = { take(): Promise<OutputPipes> };

/**
 * Real pipes, where Node's own stdio would be sockets: a socket cannot be opened again by name, so that the everyday
 * `tee /dev/stderr` and `>/dev/stdout` would fail in tasks. They have names in `directory`, which must be private, until
 * they are opened.
 */
export function createPipeSource(directory: string): PipeSource {
  let made = 0;
  let left = 0;
  let names: Promise<readonly string[]> = Promise.resolve([]);

  const makeNames = async (first: number) => {
    const paths = Array.from({ length: 2 * pairsAtOnce }, (_, index) => join(directory, `pipe-${first + index}`));
    await makeFifos(paths);
    return paths;
  };

  return {
    take: async () => {
      if (left === 0) {
        names = makeNames(made);
        made += 2 * pairsAtOnce;
        left = pairsAtOnce;
      }
      left -= 1;
      const mine = 2 * left;
      try {
        const paths = await names;
        return openPair(paths[mine]!, paths[mine + 1]!);
      } catch (error) {
        left = 0;
        throw error;
      }
    },
  };
}

async function makeFifos(paths: readonly string[]): Promise<void> {
  const program = spawn('mkfifo', ['-m', '600', ...paths], { stdio: 'ignore' });
  const [code] = (await once(program, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`mkfifo ended with ${code ?? 'a signal'}`);
}

function openPair(stdout: string, stderr: string): OutputPipes {
  const first = openFifo(stdout);
  try {
    return { stdout: first, stderr: openFifo(stderr) };
  } catch (error) {
    closeSync(first.readFd);
    closeSync(first.writeFd);
    throw error;
  }
}

/** The reader first, and not waiting for a writer; the writer then finds it there. */
function openFifo(path: string): PipeEnds {
  const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return { readFd, writeFd: openSync(path, constants.O_WRONLY) };
  } catch (error) {
    closeSync(readFd);
    throw error;
  } finally {
    rmSync(path, { force: true });
  }
}
