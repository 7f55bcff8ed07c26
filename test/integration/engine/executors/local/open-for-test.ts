import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type LocalExecutorOptions,
  openLocalExecutor,
} from '../../../../../src/engine/executors/local/local-executor.ts';
import type { TaskId } from '../../../../../src/engine/model/ids.ts';
import type { Command } from '../../../../../src/engine/model/pipeline.ts';
import type { Exit, TaskReport } from '../../../../../src/engine/model/task-state.ts';
import type { AttemptObserver, Executor, OutputStream, RunningAttempt } from '../../../../../src/engine/ports.ts';
import { type MemoryLog, memoryLog } from './memory-log.ts';
import { markName } from './survivors.ts';

export type Ended = {
  readonly exit: Exit;
  readonly lastOutput: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly reports: readonly TaskReport[];
};

export type Started = {
  readonly attempt: RunningAttempt;
  readonly spawned: Promise<number>;
  readonly ended: Promise<Ended>;
};

export type ToStart = {
  readonly task?: string;
  readonly attempt?: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly killGraceMs?: number;
  readonly onReport?: (report: TaskReport) => void;
};

/** An executor of its own directory, with a log in memory. */
export type ExecutorForTest = {
  readonly executor: Executor;
  readonly directory: string;
  readonly log: MemoryLog;
  /** In the environment of everything that is started here, see `survivors`. */
  readonly mark: string;
  start(command: string | readonly [string, ...string[]], more?: ToStart): Started;
  run(command: string | readonly [string, ...string[]], more?: ToStart): Promise<Ended>;
  close(): Promise<void>;
};

export async function openForTest(options: Partial<LocalExecutorOptions> = {}): Promise<ExecutorForTest> {
  const directory = mkdtempSync(join(tmpdir(), 'etl-tui-process-'));
  const log = memoryLog();
  const mark = randomUUID();
  const opened = await openLocalExecutor({ env: process.env, secrets: [], log, directory, ...options });
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
    const observer: AttemptObserver = {
      spawned: (pid) => {
        calls.push('spawned');
        spawned.resolve(pid);
      },
      reported: (report) => {
        if (calls.includes('exited')) ended.reject(new Error('a report came after the exit'));
        reports.push(report);
        more.onReport?.(report);
      },
      exited: (exit, lastOutput) => {
        if (calls.includes('exited')) throw new Error('the exit came twice');
        calls.push('exited');
        const text = (stream: OutputStream) => log.bytes(task, attempt, stream).toString('utf8');
        ended.resolve({ exit, lastOutput, stdout: text('stdout'), stderr: text('stderr'), reports });
      },
    };
    return {
      attempt: executor.start(
        {
          task,
          attempt,
          command: commandOf(command),
          cwd: more.cwd ?? directory,
          env: { [markName]: mark, ...more.env },
          killGraceMs: more.killGraceMs ?? 300,
        },
        observer,
      ),
      spawned: spawned.promise,
      ended: ended.promise,
    };
  };

  return {
    executor,
    directory,
    log,
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
