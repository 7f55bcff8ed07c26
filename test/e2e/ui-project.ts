import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openScreen, type ScreenOptions, type TerminalScreen } from '../support/screen.ts';
import { type Ended, program, type Running, startProgram } from './command-line.ts';

/** A directory with a pipeline, and terminals in it. */
export type UiProject = {
  readonly directory: string;
  /** Starts `etl-tui` in a terminal of its own. */
  open(args?: readonly string[], options?: ScreenOptions): TerminalScreen;
  /** Starts it from an interactive shell, which controls jobs. */
  openInShell(): Promise<TerminalScreen>;
  /** Lets tasks go on that wait for it: `until test -e NAME`. */
  touch(name: string): void;
  write(name: string, text: string): void;
  has(name: string): boolean;
  /** Starts `etl-tui` beside the terminals, without one. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Running;
  /** The same until it ends. */
  call(args: readonly string[]): Promise<Ended>;
  /** The result of the latest run, once it is written. */
  result():
    | {
        readonly status: string;
        readonly results: readonly { readonly task: string; readonly status: string; readonly attempts: number }[];
      }
    | undefined;
  close(): Promise<void>;
};

export function createUiProject(pipeline: string): UiProject {
  const directory = mkdtempSync(join(tmpdir(), 'etl-tui-ui-'));
  const screens: TerminalScreen[] = [];
  const write = (name: string, text: string) => writeFileSync(join(directory, name), text);
  write('pipeline.yaml', pipeline);
  const environment: Record<string, string | undefined> = {
    DATABASE_URL: undefined,
    LANG: 'C.UTF-8',
    LC_ALL: undefined,
    TERM: 'xterm-256color',
  };
  const started: Running[] = [];
  const start = (args: readonly string[], env = {}) => {
    const running = startProgram(args, directory, { ...environment, ...env });
    started.push(running);
    return running;
  };
  return {
    directory,
    write,
    touch: (name) => write(name, ''),
    has: (name) => existsSync(join(directory, name)),
    start,
    call: (args) => start(args).ended,
    open: (args = [], options = {}) => {
      const env = { ...environment, ...options.env };
      // The terminal sets its own TERM, which a person may change.
      const term = env['TERM'] === undefined ? [] : [`TERM=${env['TERM']}`];
      const argv = [...term, process.execPath, program, ...args];
      const screen = openScreen('env', argv, { cwd: directory, ...options, env });
      screens.push(screen);
      return screen;
    },
    openInShell: async () => {
      const env = { ...environment, PS1: 'prompt: ' };
      const screen = openScreen('bash', ['--norc', '--noprofile', '-i'], { cwd: directory, env });
      screens.push(screen);
      await screen.waitFor('prompt: ');
      screen.press(`'${process.execPath}' '${program}'`, 'Enter');
      return screen;
    },
    result: () => {
      const logs = join(directory, 'logs/etl');
      const names = existsSync(logs) ? readdirSync(logs).filter((name) => /^parallel_run_.*\.json$/.test(name)) : [];
      const results = names.map((name) => JSON.parse(readFileSync(join(logs, name), 'utf8')));
      // The names of two that began in one second do not tell which was first.
      return results.toSorted((one, other) => one.started_at.localeCompare(other.started_at)).at(-1);
    },
    close: async () => {
      for (const screen of screens) await screen.close();
      for (const { child } of started) child.kill('SIGKILL');
      await Promise.all(started.map(({ ended }) => ended));
      // Of a program that was killed because its test failed.
      const server = postmasterOf(directory);
      if (server !== undefined) process.kill(server, 'SIGQUIT');
      rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

/** The process of the project's own PostgreSQL, if it runs. */
export function postmasterOf(directory: string): number | undefined {
  const root = join(directory, '.etl-tui/db');
  const clusters = existsSync(root) ? readdirSync(root).filter((name) => /^pg\d+$/.test(name)) : [];
  const file = clusters.map((name) => join(root, name, 'postmaster.pid')).find(existsSync);
  return file === undefined ? undefined : Number(readFileSync(file, 'utf8').split('\n')[0]);
}

/** A task that goes on when the file is there. */
export function waitsFor(file: string): string {
  return `until test -e ${file}; do sleep 0.05; done`;
}

/** The row of the screen that holds `text`, from there on. */
export function rowWith(screen: TerminalScreen, text: string): string {
  return screen.rows().find((row) => row.includes(text)) ?? '';
}

/** Whether the task's row says `what`. */
export function says(task: string, what: string | RegExp): (screen: TerminalScreen) => boolean {
  return (screen) =>
    screen.rows().some((row) => row.includes(` ${task} `) && !row.includes(' Log ') && row.search(what) !== -1);
}
