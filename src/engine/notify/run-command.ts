import { type ChildProcess, spawn } from 'node:child_process';
import type { Command } from '../model/pipeline/pipeline.ts';
import { lastPart } from '../model/text/last-part.ts';
import { withDeadline } from '../platform/with-deadline.ts';
import { givenUp, type Message, type NotifyContext, type Refusal } from './notification.ts';

const maxOutput = 2_000;
/** What does not end when it is asked is killed so much later. */
const graceMs = 500;
/** The last of its output may come a moment after its end; another process may hold the pipe open for ever. */
const lastOutputMs = 100;

/**
 * Runs a command with the message as its standard input; exit code 0 means that it was told. Everything that it started is
 * ended with it, or when it takes longer than `withinMs`; at once when it is given up.
 */
export async function runCommand(
  command: Command,
  { body, env }: Message,
  context: NotifyContext,
  withinMs: number,
): Promise<Refusal> {
  const child = start(command, { cwd: context.cwd, env: { ...context.env, ...env } });
  if (child instanceof Error) return { why: child.message, mayRetry: false };
  const ended = endOf(child, body);
  const kill = () => signalGroup(child, 'SIGKILL');
  // In the same moment, since the program may be about to end.
  context.signal?.addEventListener('abort', kill, { once: true });
  try {
    return await untilItEnds(child, ended, context, withinMs);
  } finally {
    context.signal?.removeEventListener('abort', kill);
  }
}

async function untilItEnds(
  child: ChildProcess,
  ended: Promise<Refusal>,
  { signal }: NotifyContext,
  withinMs: number,
): Promise<Refusal> {
  const refusal = await withDeadline(ended, withinMs, () => 'late' as const);
  if (signal?.aborted === true) return givenUp;
  signalGroup(child, 'SIGTERM');
  if (refusal !== 'late') return refusal;
  await withDeadline(ended, graceMs, () => undefined);
  signalGroup(child, 'SIGKILL');
  return { why: `timed out after ${withinMs / 1000}s`, mayRetry: true };
}

function start(command: Command, where: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }) {
  const [program, ...args] = argvOf(command);
  try {
    // A process group of its own, so that what it starts can be ended with it.
    return spawn(program, args, { ...where, stdio: ['pipe', 'ignore', 'pipe'], detached: true });
  } catch (error) {
    return error as Error;
  }
}

function argvOf(command: Command): readonly [string, ...string[]] {
  if (command.kind === 'argv') return command.argv;
  const [program, ...args] = command.shell ?? ['bash', '-eo', 'pipefail', '-c'];
  return [program, ...args, command.script];
}

function endOf(child: Exclude<ReturnType<typeof start>, Error>, body: string): Promise<Refusal> {
  let said = '';
  // Without the streams when the limit of open files was reached.
  child.stderr?.on('data', (chunk: Buffer) => {
    said = lastPart(said + chunk.toString('utf8'), maxOutput);
  });
  // It may end without having read all of it.
  child.stdin?.on('error', () => undefined).end(body);
  return new Promise((resolve) => {
    child.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      resolve({ why: code === 'ENOENT' ? 'command not found' : message, mayRetry: code === 'EAGAIN' }),
    );
    child.once('exit', (code, signal) => {
      const end = () => resolve(refusalOf(code, signal, said));
      child.once('close', end);
      setTimeout(end, lastOutputMs);
    });
  });
}

function refusalOf(code: number | null, signal: string | null, said: string): Refusal {
  if (code === 0) return undefined;
  const how = code === null ? `killed by ${signal}` : `exit code ${code}`;
  const line = said.trimEnd().split('\n').at(-1) ?? '';
  // A command that bash cannot find or execute will not be there a second later either.
  return { why: line === '' ? how : `${how}: ${line}`, mayRetry: code !== 126 && code !== 127 };
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nothing of it is left.
  }
}
