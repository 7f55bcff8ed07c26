import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type LocalExecutorOptions,
  openLocalExecutor,
} from '../../../../../src/engine/executors/local/local-executor.ts';
import type { RunId, TaskId } from '../../../../../src/engine/model/ids.ts';
import type { Command } from '../../../../../src/engine/model/pipeline/pipeline.ts';
import type { Exit, TaskReport } from '../../../../../src/engine/model/run/task-state.ts';
import type { AttemptObserver, Executor, OutputStream, RunningAttempt } from '../../../../../src/engine/ports.ts';
import { markName } from './leftover-processes.ts';

export const runForTest = '20260105_120000_test' as RunId;

export type Ended = {
  readonly exit: Exit;
  /** Both streams, in the order in which they came. */
  readonly output: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly bytes: Buffer;
  readonly reports: readonly TaskReport[];
};

export type Started = {
  readonly attempt: RunningAttempt;
  readonly spawned: Promise<number>;
  readonly ended: Promise<Ended>;
  /** What has come so far. */
  readonly stdout: () => string;
};

export type StartOptions = {
  readonly task?: string;
  readonly attempt?: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly killGraceMs?: number;
  readonly isolation?: 'pid';
  readonly onReport?: (report: TaskReport) => void;
  /** Gets the output in place of `Ended`. */
  readonly onOutput?: (stream: OutputStream, chunk: Uint8Array) => void;
};

/** An executor with a directory of its own. */
export type ExecutorForTest = {
  readonly executor: Executor;
  readonly directory: string;
  /** In the environment of everything that is started here, see `survivors`. */
  readonly mark: string;
  start(command: string | readonly [string, ...string[]], more?: StartOptions): Started;
  run(command: string | readonly [string, ...string[]], more?: StartOptions): Promise<Ended>;
  close(): Promise<void>;
};

export function openForTest(options: Partial<LocalExecutorOptions> = {}): ExecutorForTest {
  const directory = mkdtempSync(join(tmpdir(), 'etl-tui-process-'));
  const mark = randomUUID();
  const opened = openLocalExecutor({ env: process.env, secrets: [], directory, slots: 1, ...options });
  if (!opened.ok) throw new Error(opened.error.message);
  const executor = opened.value;
  let unnamed = 0;

  const start: ExecutorForTest['start'] = (command, more = {}) => {
    const task = (more.task ?? `task-${unnamed++}`) as TaskId;
    const attempt = more.attempt ?? 1;
    const reports: TaskReport[] = [];
    const spawned = promised<number>();
    const ended = promised<Ended>();
    const calls: string[] = [];
    const chunks: { readonly stream: OutputStream; readonly bytes: Buffer }[] = [];
    const bytesOf = (stream?: OutputStream) =>
      Buffer.concat(chunks.filter((chunk) => (stream ?? chunk.stream) === chunk.stream).map(({ bytes }) => bytes));
    const observer: AttemptObserver = {
      spawned: ({ pid }) => {
        calls.push('spawned');
        spawned.resolve(pid);
      },
      output: (stream, chunk) => {
        if (calls.includes('exited')) ended.reject(new Error('output came after the exit'));
        if (more.onOutput === undefined) chunks.push({ stream, bytes: Buffer.from(chunk) });
        else more.onOutput(stream, chunk);
      },
      reported: (report) => {
        if (calls.includes('exited')) ended.reject(new Error('a report came after the exit'));
        reports.push(report);
        more.onReport?.(report);
      },
      exited: (exit) => {
        if (calls.includes('exited')) throw new Error('the exit came twice');
        calls.push('exited');
        const text = (stream?: OutputStream) => bytesOf(stream).toString('utf8');
        const bytes = bytesOf();
        ended.resolve({ exit, output: text(), stdout: text('stdout'), stderr: text('stderr'), bytes, reports });
      },
    };
    return {
      attempt: executor.start(
        {
          ref: { run: runForTest, task, attempt },
          command: commandOf(command),
          cwd: more.cwd ?? directory,
          env: { [markName]: mark, ...more.env },
          killGraceMs: more.killGraceMs ?? 300,
          ...(more.isolation === undefined ? {} : { isolation: more.isolation }),
        },
        executor.hosts()[0]!.id,
        observer,
      ),
      spawned: spawned.promise,
      ended: ended.promise,
      stdout: () => bytesOf('stdout').toString('utf8'),
    };
  };

  return {
    executor,
    directory,
    mark,
    start,
    run: (command, more) => start(command, more).ended,
    close: async () => {
      await executor.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function commandOf(command: string | readonly [string, ...string[]]): Command {
  return typeof command === 'string' ? { kind: 'shell', script: command } : { kind: 'argv', argv: command };
}

function promised<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<Value>((...both) => {
    [resolve, reject] = both;
  });
  return { promise, resolve, reject };
}
