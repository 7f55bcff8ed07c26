import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { onTestFinished } from 'vitest';
import { freshDirectory } from './fresh-directory.ts';

const here = dirname(fileURLToPath(import.meta.url));

/** A program of this directory as one file, for processes of its own. */
export function buildProgram(name: string): string {
  const outfile = join(freshDirectory(), `${name}.mjs`);
  buildSync({ entryPoints: [join(here, `${name}.ts`)], outfile, bundle: true, platform: 'node', format: 'esm' });
  onTestFinished(() => rmSync(outfile, { force: true }));
  return outfile;
}

export type Program = {
  readonly process: ChildProcess;
  readonly pid: number;
  /** The next line that it prints; undefined at its end. */
  line(): Promise<string | undefined>;
  writeLine(line: string): void;
  /** As kill -9 does; resolves when it is gone. */
  kill(): Promise<void>;
};

/** Starts a built program, or any other. */
export function startProgram(file: string, args: readonly string[] = [], more: { uid?: number } = {}): Program {
  const [program, ...rest] = file.endsWith('.mjs') ? [process.execPath, file, ...args] : [file, ...args];
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'inherit'], ...more });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  onTestFinished(kill);
  child.stdin.on('error', () => {});
  return {
    process: child,
    pid: child.pid ?? 0,
    line: async () => (await lines.next()).value as string | undefined,
    writeLine: (line) => void child.stdin.write(`${line}\n`),
    kill,
  };
}
