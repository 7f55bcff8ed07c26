import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../support/project-root.ts';

export type TaskProcess = {
  readonly process: ChildProcess;
  /** Resolves when the process has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null; readonly output: string }>;
};

/** Starts a built task program, `odds-history`, in a directory of its own with nothing but this environment. */
export function startTask(
  program: string,
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly args?: readonly string[] },
): TaskProcess {
  const child = spawn(process.execPath, [join(projectRoot, `dist/etl/tasks/${program}.js`), ...(options.args ?? [])], {
    cwd: options.cwd,
    env: { PATH: process.env['PATH'], ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const ended = new Promise<{ code: number | null; signal: string | null; output: string }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, output }));
  });
  return { process: child, ended };
}

/** What a task reported, all lines merged, later ones over earlier ones. */
export function readReport(file: string): Readonly<Record<string, unknown>> {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return Object.assign({}, ...lines.map((line) => JSON.parse(line) as object));
}
