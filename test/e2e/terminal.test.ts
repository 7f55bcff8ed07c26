import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { afterEach, expect, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createProject, type Project, program } from './command-line.ts';

const endless = `
version: 1
name: endless
tasks:
  first: { command: "exit 1" }
  long: { command: "while :; do sleep 0.05; done" }
`;

const stalled = `
version: 1
name: stalled
tasks:
  first: { command: "exit 1" }
  slow: { command: "sleep 60", timeout: 5s, kill_grace: 1s }
`;

let project: Project | undefined;

afterEach(() => project?.remove());

/** The program as the only one in a terminal of its own, which tells it when the terminal is gone. */
function openTerminal({ directory }: Project) {
  const { NO_COLOR: _, FORCE_COLOR: __, LC_ALL: ___, ...env } = process.env;
  const pty = spawn(process.execPath, [program, 'run', '--ci'], {
    cwd: directory,
    cols: 100,
    rows: 30,
    env: { ...env, TERM: 'xterm', LANG: 'C.UTF-8' },
  });
  let screen = '';
  let exitCode: number | undefined;
  pty.onData((text) => {
    screen += text;
  });
  pty.onExit((exit) => {
    exitCode = exit.signal ? -exit.signal : exit.exitCode;
  });
  return {
    screen: () => screen,
    type: (text: string) => pty.write(text),
    close: () => (pty as unknown as { destroy(): void }).destroy(),
    shows: (text: string) => until(() => screen.includes(text), text),
    ended: async () => {
      await until(() => exitCode !== undefined, 'the end');
      return { code: exitCode ?? null, out: screen, err: '' };
    },
  };
}

async function until(isTrue: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function results({ directory }: Project): readonly string[] {
  const logs = join(directory, 'logs/etl');
  const names = existsSync(logs) ? readdirSync(logs) : [];
  return names.filter((name) => name.startsWith('parallel_run_')).map((name) => join(logs, name));
}

test('Ctrl-C in a terminal cancels the run', async () => {
  project = createProject(endless);
  const terminal = openTerminal(project);
  await terminal.shows('first');
  terminal.type('\x03');
  await expectCleanAftermath({ directory: project.directory, ended: terminal.ended(), exitCodes: [130] });
  expect(terminal.screen()).toContain('endless was cancelled');
  expect(terminal.screen()).toContain('\x1b[31m✗\x1b[39m');
});

test('closing the terminal ends the run as SIGHUP does, and its results are written', async () => {
  project = createProject(endless);
  const terminal = openTerminal(project);
  await terminal.shows('first');
  terminal.close();
  await expectCleanAftermath({ directory: project.directory, ended: terminal.ended(), exitCodes: [129] });
  const [path = ''] = results(project);
  expect(JSON.parse(readFileSync(path, 'utf8')).status).toBe('cancelled');
});

test('a terminal paused by Ctrl-S delays no timeout', async () => {
  const stopped = createProject(stalled);
  project = stopped;
  const terminal = openTerminal(stopped);
  await terminal.shows('first');
  terminal.type('\x13');
  await until(() => results(stopped).length > 0, 'the results');
  expect(terminal.screen()).not.toContain('stalled failed');
  terminal.type('\x11');
  await expectCleanAftermath({ directory: stopped.directory, ended: terminal.ended(), exitCodes: [1] });
  expect(terminal.screen()).toContain('stalled failed');
});
