import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, readlinkSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { failed, ok, type Result } from '../../../model/result.ts';
import { withDeadline } from '../../../platform/with-deadline.ts';
import type { OutputStream } from '../../../ports.ts';
import type { Guardian } from '../cleanup/guardian.ts';
import type { OutputFlow } from '../output/output-flow.ts';
import type { OutputPipes, PipeSource } from '../output/output-pipes.ts';
import { readPipe } from '../output/read-pipe.ts';
import type { DeathSignal } from './death-signal.ts';
import type { ShellProgram, ShellPrograms } from './shell-programs.ts';
import { readStatusLines, type StatusLine } from './slot-status.ts';

const exitWithinMs = 2_000;
/** How long the system may take to remove a shell that was killed. */
const dieWithinMs = 2_000;

/** What a slot reports of the attempt it runs. Chunks are valid during the call only. */
export type SlotListener = {
  readonly output: (stream: OutputStream, chunk: Uint8Array) => void;
  readonly status: (line: StatusLine) => void;
  /**
   * The slot has ended before the attempt did, and nothing follows but what is in the attempt's pipes. `undelivered` is
   * true when the slot never received the whole instruction, so that it has started nothing.
   */
  readonly ended: (reason: string, undelivered: boolean) => void;
};

/** A shell that runs one attempt at a time, outside our own process. */
export type Slot = {
  readonly pid: number;
  /** How its shell names itself in its messages. */
  readonly name: string;
  /** The link texts in /proc of the two pipes that are the output of the slot's attempts. */
  readonly pipeNames: readonly string[];
  isAlive(): boolean;
  /** Lets its shell go on if somebody has stopped it. */
  keepAwake(): void;
  /** Resolves when the shell has ended. */
  readonly ended: Promise<void>;
  /** @param instruction see slotInstruction */
  run(instruction: string, listener: SlotListener): void;
  /** Nothing that still comes is reported to the listener. */
  detach(): void;
  /** Ends the shell, by SIGKILL if it does not exit in time. Resolves when it has ended, or does not even then. */
  close(): Promise<void>;
};

export type SlotOptions = {
  readonly bash: string;
  readonly programs: ShellPrograms;
  /** What its attempts inherit. */
  readonly env: Readonly<Record<string, string>>;
  readonly pipes: PipeSource;
  readonly deathSignal: DeathSignal;
  readonly guardian: Guardian;
  readonly flow?: OutputFlow;
};

/** Fails with the message of what the system lacked. */
export async function openSlot(options: SlotOptions): Promise<Result<Slot, string>> {
  let pipes: OutputPipes | undefined;
  try {
    pipes = await options.pipes.take();
    const program = options.programs.slot();
    const shell = await startShell(options, program, pipes);
    return ok(runSlot(shell, program.name, pipes, options.flow));
  } catch (error) {
    if (pipes !== undefined) for (const { readFd } of [pipes.stdout, pipes.stderr]) closeSync(readFd);
    return failed((error as Error).message);
  }
}

type Shell = ChildProcess & { readonly pid: number; readonly stdin: Writable; readonly stdout: Readable };

/** Detached: in a session of its own, so that a task gets no Ctrl-C of our terminal and cannot prompt on it. */
async function startShell(
  { bash, env, deathSignal, guardian }: SlotOptions,
  { args, cwd }: ShellProgram,
  { stdout, stderr }: OutputPipes,
): Promise<Shell> {
  try {
    const [program, words] = deathSignal.command(bash, [...args, String(guardian.pid() ?? 0)]);
    const shell = spawn(program, words, {
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

function runSlot(shell: Shell, name: string, pipes: OutputPipes, flow: OutputFlow | undefined): Slot {
  let listener: SlotListener | undefined;
  let alive = true;
  let undelivered = false;
  const stopReading = [
    readPipe(pipes.stdout.readFd, (chunk) => listener?.output('stdout', chunk), flow),
    readPipe(pipes.stderr.readFd, (chunk) => listener?.output('stderr', chunk), flow),
  ];
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.stdout.on('error', () => undefined);
  readStatusLines(shell.stdout, (line) => listener?.status(line));
  shell.once('exit', () => {
    alive = false;
  });
  // At `close` and not at `exit`, when its last lines may still be unread.
  const ended = new Promise<void>((resolve) => {
    shell.once('close', (code, signal) => {
      listener?.ended(signal === null ? `it ended with ${code}` : `it was ended by ${signal}`, undelivered);
      resolve();
    });
  });

  return {
    pid: shell.pid,
    name,
    pipeNames: pipeNames(pipes),
    isAlive: () => alive,
    keepAwake: () => void shell.kill('SIGCONT'),
    ended,
    run: (instruction, newListener) => {
      listener = newListener;
      // The slot starts nothing before it has the last byte.
      shell.stdin.write(`${instruction.length + 1}\n${instruction}\n`, (error) => {
        if (error) undelivered = true;
      });
    },
    detach: () => {
      listener = undefined;
    },
    close: async () => {
      listener = undefined;
      shell.stdin.end();
      await withDeadline(ended, exitWithinMs, async () => {
        shell.kill('SIGKILL');
        // Another process may hold its standard output open, and one that waits for a dead disk cannot be killed.
        await withDeadline(ended, dieWithinMs, () => shell.stdout.destroy());
      });
      for (const stop of stopReading) stop();
    },
  };
}

/** Empty where there is no /proc. */
function pipeNames(pipes: OutputPipes): readonly string[] {
  try {
    return [pipes.stdout, pipes.stderr].map(({ readFd }) => readlinkSync(`/proc/self/fd/${readFd}`));
  } catch {
    return [];
  }
}
