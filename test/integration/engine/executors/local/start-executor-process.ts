import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { build } from 'esbuild';
import type { RunId } from '../../../../../src/engine/model/ids.ts';
import type { Exit } from '../../../../../src/engine/model/run/task-state.ts';
import { projectRoot } from '../../../../support/project-root.ts';
import { isAlive, markName, stateOf, until } from './leftover-processes.ts';

/** What a process with an executor is to do. */
export type ExecutorOrder = {
  readonly directory: string;
  readonly run: string;
  readonly graceMs: number;
  readonly scripts: readonly string[];
  readonly isolation?: 'pid';
  readonly slots?: number;
};

/** `ms`: since all tasks were terminated, or else since this one was started. */
export type ExitReport = { readonly task: number; readonly exit: Exit; readonly ms: number };

export type ExecutorProcess = {
  readonly pid: number;
  readonly run: RunId;
  /** Below it slots and guardian work. */
  readonly directory: string;
  /** The leader of the task at `index`. */
  leader(index: number): number;
  end(signal: NodeJS.Signals): Promise<void>;
  /** By SIGSTOP; resolves when it is stopped. */
  stop(): Promise<void>;
  terminate(): void;
  /** Resolves to the ends of all tasks, in their order, when the last has come. */
  readonly exits: Promise<readonly ExitReport[]>;
  /** Ends the process, or the program below which it was started. */
  dispose(): void;
};

export type OwnOptions = Pick<ExecutorOrder, 'isolation' | 'slots'> & {
  /** A program with its arguments that starts the process with the executor. */
  readonly below?: readonly [string, ...string[]];
};

/** Builds the program once; it has to lie below `node_modules`, where the packages are found. */
export async function buildExecutorProcess() {
  const outfile = join(projectRoot, `node_modules/.cache/executor-process-${process.pid}.mjs`);
  const entryPoints = [join(import.meta.dirname, 'executor-process.ts')];
  await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
  const directories = mkdtempSync(join(tmpdir(), 'etl-tui-owners-'));
  // Some are started as another user.
  chmodSync(directories, 0o1777);
  return {
    /** Starts a process that runs `scripts`; everything that comes of it carries `mark`. */
    own: async (
      mark: string,
      graceMs: number,
      scripts: readonly string[],
      { below, ...more }: OwnOptions = {},
    ): Promise<ExecutorProcess> => {
      const run = `20260105_120000_${mark.slice(0, 8)}` as RunId;
      const order: ExecutorOrder = { directory: join(directories, mark), run, graceMs, scripts, ...more };
      const [program, ...args] = [...(below ?? []), process.execPath, outfile, JSON.stringify(order)];
      const child = spawn(program!, args, {
        stdio: ['pipe', 'pipe', 'inherit'],
        env: { ...process.env, [markName]: mark },
      });
      const { started, exits } = readLines(child, child.stdout, scripts.length);
      const { pid, leaders } = await started;
      return {
        pid,
        run,
        directory: order.directory,
        leader: (index) => leaders[index] ?? 0,
        end: async (signal) => {
          process.kill(pid, signal);
          await until(() => !isAlive(pid), 'the end of the owner');
        },
        stop: async () => {
          process.kill(pid, 'SIGSTOP');
          await until(() => stateOf(pid) === 'T', 'the stop of the owner');
        },
        terminate: () => void child.stdin.write('terminate\n'),
        exits,
        dispose: () => {
          // The process of the executor ends with its input.
          child.stdin.destroy();
          child.kill('SIGKILL');
        },
      };
    },
    remove: () => {
      rmSync(outfile, { force: true });
      rmSync(directories, { recursive: true, force: true });
    },
  };
}

type Started = { readonly pid: number; readonly leaders: readonly number[] };

/** A task may have ended before the last has begun. */
function readLines(child: ChildProcess, stdout: Readable, tasks: number) {
  const reports: ExitReport[] = [];
  let onExits: (reports: readonly ExitReport[]) => void = () => undefined;
  const exits = new Promise<readonly ExitReport[]>((resolve) => {
    onExits = resolve;
  });
  const started = new Promise<Started>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the owner ended without a word')));
    createInterface({ input: stdout }).on('line', (text) => {
      const line = JSON.parse(text) as Started | ExitReport;
      if ('pid' in line) return resolve(line);
      reports.push(line);
      if (reports.length === tasks) onExits(reports.toSorted((one, other) => one.task - other.task));
    });
  });
  return { started, exits };
}
