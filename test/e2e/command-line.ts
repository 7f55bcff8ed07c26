import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../support/project-root.ts';

/** The built program. */
export const program = join(projectRoot, 'dist/cli/main.js');

type Env = Readonly<Record<string, string | undefined>>;

export type Ended = {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
};

export type Running = {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  /** Resolves when standard output holds `text`; fails when the program ends before. */
  readonly says: (text: string) => Promise<void>;
  readonly ended: Promise<Ended>;
};

export type Project = {
  readonly directory: string;
  /** Runs `etl-tui` in the project until it ends. */
  readonly call: (args: readonly string[], env?: Env) => Promise<Ended>;
  readonly start: (args: readonly string[], env?: Env) => Running;
  /** Kills what of it still runs, and removes the directory. */
  readonly remove: () => void;
};

/** A directory with a pipeline file in it. */
export function createProject(pipeline: string, file = 'pipeline.yaml'): Project {
  const directory = mkdtempSync(join(tmpdir(), 'etl-tui-e2e-'));
  writeFileSync(join(directory, file), pipeline);
  const started: Running[] = [];
  const start = (args: readonly string[], env: Env = {}) => {
    const running = startProgram(args, directory, env);
    started.push(running);
    return running;
  };
  return {
    directory,
    start,
    call: (args, env) => start(args, env).ended,
    remove: () => {
      // Of a test that failed: a task of it may wait for what never comes.
      for (const { child } of started) child.kill('SIGKILL');
      rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

export function startProgram(args: readonly string[], cwd: string, env: Env): Running {
  return startCommand(process.execPath, [program, ...args], cwd, env);
}

/** Any other command in the same surroundings. */
export function startCommand(file: string, args: readonly string[], cwd: string, env: Env): Running {
  const child = spawn(file, args, {
    cwd,
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  const waiting = new Set<() => void>();
  const look = () => {
    for (const check of waiting) check();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    look();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, out, err }));
  });
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const check = () => {
        if (!out.includes(text)) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
      void ended.then(() => reject(new Error(`it ended without saying "${text}":\n${out}\n${err}`)));
    });
  return { child, out: () => out, err: () => err, says, ended };
}

/** A line of shell in which the program is called with `words`, so that it can be redirected: `show latest > /dev/full`. */
export function callInShell(
  cwd: string,
  words: string,
): { readonly stdout: string; readonly stderr: string; readonly status: number | null } {
  const line = `"${process.execPath}" "${program}" ${words}`;
  return spawnSync('bash', ['-c', line], { cwd, env: environment({}), encoding: 'utf8' });
}

/** Ours, without what would change the result. */
function environment(env: Env): Env {
  const { DATABASE_URL, FORCE_COLOR, NO_COLOR, CI, GITHUB_ACTIONS, LC_ALL, LC_CTYPE, ...rest } = process.env;
  const plain = Object.entries(rest).filter(([name]) => !/^PG[A-Z]/.test(name));
  return { ...Object.fromEntries(plain), LANG: 'C.UTF-8', ...env };
}
