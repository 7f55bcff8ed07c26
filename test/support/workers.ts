import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from './project-root.ts';

export type TestWorker = {
  readonly process: ChildProcess;
  /** As others know it. */
  readonly id: string;
  readonly pid: number;
  /** What it has printed so far. */
  printed(): string;
  /** Resolves to its exit code, or to the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  /** Ends it, by SIGKILL if it does not end in time, and resolves when it has ended. */
  close(): Promise<void>;
};

export type WorkerOptions = {
  readonly name?: string;
  readonly labels?: readonly string[];
  readonly slots?: number;
  readonly lease?: string;
  readonly root?: string;
  readonly allow?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
};

/** Starts a worker of the program that was built, as a process of its own; resolves when it takes attempts. */
export async function startTestWorker(
  queue: { readonly env: Readonly<Record<string, string>> },
  { name = 'host', labels = [], slots = 4, lease = '20s', root = '/', allow = [], env = {} }: WorkerOptions = {},
): Promise<TestWorker> {
  const args = ['worker', '--name', name, '--slots', String(slots), '--lease', lease, '--root', root];
  if (labels.length > 0) args.push('--labels', labels.join(','));
  if (allow.length > 0) args.push('--allow', allow.join(','));
  const child = spawn(process.execPath, [join(projectRoot, 'dist/cli/main.js'), ...args], {
    env: { ...process.env, ...env, ...queue.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const exited = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  const id = await new Promise<string>((resolve, reject) => {
    const read = (text: string) => {
      printed += text;
      const found = /^worker (\S+) takes tasks/m.exec(printed)?.[1];
      if (found !== undefined) resolve(found);
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', read);
    void exited.then((how) => reject(new Error(`the worker ended with ${how}: ${printed}`)));
  });
  return {
    process: child,
    id,
    pid: child.pid!,
    printed: () => printed,
    exited,
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await exited;
      clearTimeout(timer);
    },
  };
}
