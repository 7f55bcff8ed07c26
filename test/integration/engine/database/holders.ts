import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { projectRoot } from '../../../support/project-root.ts';

export type Holder = {
  readonly process: ChildProcess;
  readonly url: string;
  readonly source: string;
  readonly description: string;
  readonly error?: { readonly code: string; readonly message: string };
  /** Leaves politely; resolves when the process is gone. */
  close(): Promise<void>;
  /** As kill -9 does. */
  kill(): Promise<void>;
};

/** Builds the program once; it has to lie below `node_modules`, where the packages are found. */
export async function buildHolder() {
  const outfile = join(projectRoot, `node_modules/.cache/hold-database-${process.pid}.mjs`);
  const entryPoints = [join(import.meta.dirname, 'hold-database.ts')];
  await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
  return {
    program: outfile,
    /** Starts a process that uses the project's database; `wrap` is what it is started through. */
    hold: (projectDir: string, more: { env?: Record<string, string>; wrap?: readonly string[] } = {}) =>
      startHolder([...(more.wrap ?? []), process.execPath, outfile, projectDir], more.env ?? {}),
    remove: () => rmSync(outfile, { force: true }),
  };
}

async function startHolder(argv: readonly string[], env: Record<string, string>): Promise<Holder> {
  const { DATABASE_URL: _, ...inherited } = process.env;
  const [file = '', ...args] = argv;
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...inherited, ...env } });
  const gone = once(child, 'exit');
  // What it has said may be read after its exit.
  const silent = once(child, 'close');
  const [line] = (await Promise.race([once(createInterface({ input: child.stdout }), 'line'), silent])) as [unknown];
  if (typeof line !== 'string') throw new Error('the holder ended without a word');
  return {
    process: child,
    ...(JSON.parse(line) as Pick<Holder, 'url' | 'source' | 'description'>),
    close: async () => {
      child.stdin.write('close\n');
      await gone;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
