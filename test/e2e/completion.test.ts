import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findProgram } from '../../src/engine/executors/process/find-program.ts';
import { openScreen, type TerminalScreen } from '../support/screen.ts';
import { program, startProgram } from './command-line.ts';

const pipeline = `
version: 1
name: shop
params:
  day: { type: date, default: yesterday }
  extent: { type: choice, choices: [full, delta], default: delta }
  shop_password: { default: none-yet }
tasks:
  orders: { command: "true", description: the orders of the day }
  load: { command: "true", matrix: { season: [2022, 2023] }, dependencies: [orders] }
  mart: { command: "true", dependencies: [load] }
handoffs: { on_success: { to: analysts, dataset: shop } }
`;

let directory = '';
let env: Readonly<Record<string, string | undefined>> = {};
let run = '';
const screens: TerminalScreen[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'etl-tui-completion-'));
  for (const name of ['bin', 'home', 'reports', 'my pipelines']) mkdirSync(join(directory, name));
  symlinkSync(program, join(directory, 'bin/etl-tui'));
  writeFileSync(join(directory, 'pipeline.yaml'), pipeline);
  writeFileSync(join(directory, 'my pipelines/other.yaml'), pipeline.replace('orders:', 'other:'));
  writeFileSync(join(directory, 'notes.txt'), '');
  const path = `${join(directory, 'bin')}${delimiter}${process.env['PATH']}`;
  env = {
    PATH: path,
    HOME: join(directory, 'home'),
    LANG: 'C.UTF-8',
    LC_ALL: undefined,
    PS1: 'prompt: ',
    DATABASE_URL: undefined,
    ZDOTDIR: undefined,
    XDG_CONFIG_HOME: undefined,
    XDG_DATA_HOME: undefined,
  };
  const ended = await startProgram(['run', '--only', 'orders', '--log-dir', 'logs/etl'], directory, {}).ended;
  expect(ended.code).toBe(0);
  run = /run (\d{8}_\d{6}_\w{4})/.exec(ended.out)?.[1] ?? '';
});

afterAll(async () => {
  for (const screen of screens) await screen.close();
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
});

/** How each shell is started without anybody's settings, and told to complete calls of etl-tui. */
const shells = {
  bash: {
    argv: ['--norc', '--noprofile', '-i'],
    settings: ['bind "set bell-style none"', 'eval "$(etl-tui completion bash)"'],
    open: 'load[',
    common: "'load[season=202",
    closed: 'load[season=2023\\]',
  },
  zsh: {
    argv: ['-f', '-i'],
    settings: ['autoload -U compinit; compinit -D', 'source <(etl-tui completion zsh)'],
    open: 'load\\[',
    common: 'load\\[season=202',
    closed: 'load\\[season=2023\\]',
  },
  fish: {
    argv: ['--no-config', '-i'],
    settings: [
      "function fish_prompt; echo -n 'prompt: '; end",
      'set -g fish_autosuggestion_enabled 0',
      'etl-tui completion fish | source',
    ],
    open: 'load\\[',
    common: 'load\\[season=202',
    closed: 'load\\[season=2023\\]',
  },
} as const;

describe.each(['bash', 'zsh', 'fish'] as const)('%s', (shell) => {
  const isThere = findProgram(shell, process.env) !== undefined;
  const { argv, settings, open, common, closed } = shells[shell];
  let screen: TerminalScreen;

  beforeAll(async () => {
    if (!isThere) return;
    screen = openScreen(shell, argv, { cwd: directory, env, columns: 120, rows: 40 });
    screens.push(screen);
    for (const setting of [...settings, 'echo now "ready"']) {
      await screen.waitFor(isWaiting);
      screen.press(setting, 'Enter');
    }
    await screen.waitFor('now ready');
  });

  /** Types a line, presses Tab, and waits until the line is as expected: what is typed next stands right behind it. */
  async function complete(typed: string, line: string): Promise<void> {
    await freshLine();
    screen.press(typed, 'Tab');
    await screen.waitFor((now) => lineOf(now).trimEnd() === `prompt: ${line}`.trimEnd());
    screen.press('x');
    await screen.waitFor((now) => lineOf(now) === `prompt: ${line}x`);
    screen.press('Backspace');
    await screen.waitFor((now) => lineOf(now).trimEnd() === `prompt: ${line}`.trimEnd());
  }

  /** The same for a line to which several words are listed. */
  async function list(typed: string, words: readonly string[]): Promise<void> {
    await freshLine();
    screen.press(typed, 'Tab', 'Tab');
    await screen.waitFor((now) => {
      const below = now.rows().slice(1).join('\n');
      return words.every((word) => below.includes(word));
    });
  }

  async function freshLine(): Promise<void> {
    screen.press('Ctrl+U', 'Ctrl+L');
    await screen.waitFor((now) => now.text().trim() === 'prompt:');
  }

  test.skipIf(!isThere)('completes commands, options and their values', async () => {
    await complete('etl-tui val', 'etl-tui validate ');
    await complete('etl-tui db sto', 'etl-tui db stop ');
    await complete('etl-tui run --until o', 'etl-tui run --until orders ');
    await complete('etl-tui --dry', 'etl-tui --dry-run ');
    await complete('etl-tui run --reporter gi', 'etl-tui run --reporter github ');
    await complete('etl-tui run --reporter=gi', 'etl-tui run --reporter=github ');
    await complete('etl-tui help capa', 'etl-tui help capacity ');
  });

  test.skipIf(!isThere)('completes names of the pipeline at hand', async () => {
    await complete('etl-tui run --only ma', 'etl-tui run --only mart ');
    await complete('etl-tui run --only=ma', 'etl-tui run --only=mart ');
    await complete('etl-tui run --only orders,ma', 'etl-tui run --only orders,mart ');
    await complete('etl-tui run -p ext', 'etl-tui run -p extent=');
    await complete('etl-tui run -p extent=fu', 'etl-tui run -p extent=full ');
    await complete('etl-tui run -p shop', 'etl-tui run -p shop_password ');
    await list('etl-tui run --skip ', ['orders', 'load', 'mart']);
  });

  test.skipIf(!isThere)('writes the name of an instance so that the program gets it', async () => {
    await complete(`etl-tui run --dry-run --only ${open}season=2023`, `etl-tui run --dry-run --only ${closed} `);
    screen.press('Enter');
    await screen.waitFor(/wave 1[\s\S]*load\[season=2023\]/);
    const [dry, quoted] = ['etl-tui run --dry-run', "'load[season=2023"];
    await complete(`${dry} --until ${quoted}`, `${dry} --until ${quoted}]' `);
    screen.press('Enter');
    await screen.waitFor(/wave 2[\s\S]*load\[season=2023\]/);
    await list('etl-tui run --only load', ['season=2022', 'season=2023']);
    await complete(`etl-tui run --only ${open}`, `etl-tui run --only ${common}`);
  });

  test.skipIf(!isThere)('completes runs and their tasks', async () => {
    await complete('etl-tui show lat', 'etl-tui show latest ');
    await complete(`etl-tui show ${run.slice(0, 10)}`, `etl-tui show ${run} `);
    await complete('etl-tui logs latest or', 'etl-tui logs latest orders ');
    await complete('etl-tui show latest --against lat', 'etl-tui show latest --against latest ');
  });

  test.skipIf(!isThere)('completes files where files are meant', async () => {
    await complete('etl-tui validate pip', 'etl-tui validate pipeline.yaml ');
    await complete('etl-tui report latest --html=no', 'etl-tui report latest --html=notes.txt ');
    await complete('etl-tui run --log-dir rep', 'etl-tui run --log-dir reports/');
    await complete('etl-tui validate my', 'etl-tui validate my\\ pipelines/');
  });

  test.skipIf(!isThere)('says nothing where nothing is known', async () => {
    writeFileSync(join(directory, 'broken.yaml'), 'tasks: [');
    await freshLine();
    screen.press('etl-tui run broken.yaml --only x', 'Tab', 'Tab', 'Ctrl+U', 'echo now "quiet"', 'Enter');
    await screen.waitFor('now quiet');
    expect(screen.text()).not.toMatch(/error|cannot|syntax/i);
  });
});

/** With our prompt, or before that with the shell's own. */
function isWaiting(screen: TerminalScreen): boolean {
  return /^prompt:|[#>$%] ?$/.test(screen.rows().findLast((row) => row !== '') ?? '');
}

function lineOf(screen: TerminalScreen): string {
  return screen.rows().find((row) => row.startsWith('prompt:')) ?? '';
}
