import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, readlinkSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { failed, ok, type Result } from '../../../model/result.ts';
import { withDeadline } from '../../../platform/with-deadline.ts';
import type { OutputStream } from '../../../ports.ts';
import type { OutputPipes, PipeSource } from '../output/output-pipes.ts';
import { readPipe } from '../output/read-pipe.ts';
import type { ShellProgram } from './shell-programs.ts';
import { readStatusLines, type StatusLine } from './slot-status.ts';

const leaveWithinMs = 2_000;
/** For the system to do away with a shell that was killed. */
const dieWithinMs = 2_000;

/** What a slot tells of the attempt it runs. Chunks are valid during the call only. */
export type SlotListener = {
  readonly output: (stream: OutputStream, chunk: Uint8Array) => void;
  readonly status: (line: StatusLine) => void;
  /**
   * The slot is gone, and nothing more will be heard of the attempt but what is in its pipes. `unheard` is true when the
   * order cannot have been carried out.
   */
  readonly died: (reason: string, unheard: boolean) => void;
};

/** A shell that runs one attempt at a time, outside our own process. */
export type Slot = {
  readonly pid: number;
  /** What its shell calls itself. */
  readonly name: string;
  /** What /proc calls the two pipes that are the output of the slot's attempts. */
  readonly pipeNames: readonly string[];
  isAlive(): boolean;
  /** Resolves when the shell has ended. */
  readonly gone: Promise<void>;
  run(order: string, listener: SlotListener): void;
  /** The attempt is over and done; nothing that still comes is anybody's. */
  release(): void;
  /** Lets the shell go, by force if it does not leave. Resolves when it has, or when even that is of no avail. */
  close(): Promise<void>;
};

/** Opens a slot whose attempts inherit `env`; what goes wrong is a shortage of some kind, and told in words. */
export async function openSlot(
  bash: string,
  providing: () => ShellProgram,
  env: Readonly<Record<string, string>>,
  source: PipeSource,
): Promise<Result<Slot, string>> {
  let pipes: OutputPipes | undefined;
  try {
    pipes = await source.take();
    const program = providing();
    const shell = await startShell(bash, program, env, pipes);
    return ok(runSlot(shell, program.name, pipes));
  } catch (error) {
    if (pipes !== undefined) for (const { readFd } of [pipes.stdout, pipes.stderr]) closeSync(readFd);
    return failed((error as Error).message);
  }
}

type Shell = ChildProcess & { readonly pid: number; readonly stdin: Writable; readonly stdout: Readable };

/** Detached: a session of its own, so that neither Ctrl-C nor a password prompt finds its way between us and a task. */
async function startShell(
  bash: string,
  { args, cwd }: ShellProgram,
  env: Readonly<Record<string, string>>,
  { stdout, stderr }: OutputPipes,
): Promise<Shell> {
  try {
    const shell = spawn(bash, args, {
      cwd,
      env,
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore', stdout.writeFd, stderr.writeFd, 'ignore', stdout.readFd, stderr.readFd],
    });
    await once(shell, 'spawn');
    return shell as Shell;
  } finally {
    closeSync(stdout.writeFd);
    closeSync(stderr.writeFd);
  }
}

function runSlot(shell: Shell, name: string, pipes: OutputPipes): Slot {
  let listener: SlotListener | undefined;
  let alive = true;
  let unheard = false;
  const stopReading = [
    readPipe(pipes.stdout.readFd, (chunk) => listener?.output('stdout', chunk)),
    readPipe(pipes.stderr.readFd, (chunk) => listener?.output('stderr', chunk)),
  ];
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.stdout.on('error', () => undefined);
  readStatusLines(shell.stdout, (line) => listener?.status(line));
  shell.once('exit', () => {
    alive = false;
  });
  // Not at its exit already: its last words may still be in the channel.
  const gone = new Promise<void>((resolve) => {
    shell.once('close', (code, signal) => {
      listener?.died(signal === null ? `it ended with ${code}` : `it was ended by ${signal}`, unheard);
      resolve();
    });
  });

  return {
    pid: shell.pid,
    name,
    pipeNames: pipeNames(pipes),
    isAlive: () => alive,
    gone,
    run: (order, newListener) => {
      listener = newListener;
      // An order that did not go out whole is none: the slot acts on the last byte.
      shell.stdin.write(`${order.length + 1}\n${order}\n`, (error) => {
        if (error) unheard = true;
      });
    },
    release: () => {
      listener = undefined;
    },
    close: async () => {
      listener = undefined;
      shell.stdin.end();
      await withDeadline(gone, leaveWithinMs, async () => {
        shell.kill('SIGKILL');
        // Somebody else may hold its channel open, and what waits for a dead disk cannot be killed.
        await withDeadline(gone, dieWithinMs, () => shell.stdout.destroy());
      });
      for (const stop of stopReading) stop();
    },
  };
}

/** Nothing where there is no /proc. */
function pipeNames(pipes: OutputPipes): readonly string[] {
  try {
    return [pipes.stdout, pipes.stderr].map(({ readFd }) => readlinkSync(`/proc/self/fd/${readFd}`));
  } catch {
    return [];
  }
}
