import type { TaskId } from '../../model/ids.ts';
import type { Answer, ProgramFailure } from '../../model/run/task-state.ts';
import { unreachable } from '../../model/unreachable.ts';
import type { BackendTerminator, OutputLog, OutputStream, PendingCondition, StartRequest } from '../../ports.ts';
import { type Ended, runToEnd } from '../attempts/run-to-end.ts';
import { keepCommandOutput } from '../checks/command-output.ts';
import type { ConditionParts } from './condition-parts.ts';

/** How many of the last lines of its output are searched for what is to be retried. */
const maxLines = 100;
/** More of the output of a question is not kept for those who want to know why it has no answer. */
const maxKeptBytes = 256 * 1024;

/** Runs the `only_if` of a task: exit code 0 means that it is needed, 1 that it is not. What it printed is kept when it did neither. */
export function askCommand(
  { executor, clock, logs, sessions }: ConditionParts,
  of: { readonly task: TaskId; readonly attempt: number; readonly timeoutMs: number },
  request: StartRequest,
  answered: (answer: Answer) => void,
): PendingCondition {
  const output = keepCommandOutput();
  const kept = keepChunks();
  let isStopped = false;
  const end = async (ended: Ended) => {
    const failure = failureOf(ended, of.timeoutMs);
    if (failure !== undefined && failure.kind !== 'exit-code') await endSessions(sessions, of);
    if (isStopped) return;
    if (failure === undefined) answered({ kind: 'needed' });
    else if (failure.kind === 'exit-code' && failure.code === 1) answered({ kind: 'not-needed' });
    else {
      kept.writeTo(logs, of);
      const { exit } = ended;
      const isUsage = exit.kind === 'not-started' && exit.reason === 'usage' ? { isUsage: true as const } : {};
      answered({ kind: 'none', failure, ...isUsage, lastOutput: output.lastLines(maxLines).join('\n') });
    }
  };
  const write = (stream: OutputStream, chunk: Uint8Array) => {
    output.write(stream, chunk);
    kept.add(stream, chunk);
  };
  const running = runToEnd(
    request,
    { executor, clock, output: write, timeoutMs: of.timeoutMs },
    (ended) => void end(ended),
  );
  return {
    stop: () => {
      isStopped = true;
      running.stop();
    },
  };
}

/** The server goes on with a query whose client is gone. */
export async function endSessions(
  sessions: BackendTerminator | undefined,
  { task, attempt }: { readonly task: TaskId; readonly attempt: number },
): Promise<void> {
  await sessions?.endSessions(task, attempt);
}

/** Why a command failed; undefined when it succeeded. */
export function failureOf({ exit, timedOut }: Ended, timeoutMs: number): ProgramFailure | undefined {
  if (timedOut) return { kind: 'timeout', afterMs: timeoutMs };
  switch (exit.kind) {
    case 'exited':
      return exit.code === 0 ? undefined : { kind: 'exit-code', code: exit.code };
    case 'signalled':
      return { kind: 'signal', signal: exit.signal };
    case 'not-started':
    case 'lost':
      return { kind: exit.kind, message: exit.message };
    default:
      return unreachable(exit);
  }
}

type KeptChunks = {
  add(stream: OutputStream, chunk: Uint8Array): void;
  writeTo(logs: OutputLog, of: { readonly task: TaskId; readonly attempt: number }): void;
};

function keepChunks(): KeptChunks {
  const chunks: (readonly [OutputStream, Uint8Array])[] = [];
  let bytes = 0;
  return {
    add: (stream, chunk) => {
      if (bytes >= maxKeptBytes) return;
      const part = chunk.slice(0, maxKeptBytes - bytes);
      bytes += part.length;
      // A copy, because the chunk is valid during the call only.
      chunks.push([stream, part]);
    },
    writeTo: (logs, { task, attempt }) => {
      if (chunks.length === 0) return;
      const log = logs.open(task, attempt);
      for (const [stream, chunk] of chunks) log.write(stream, chunk);
      log.close();
    },
  };
}
