import { afterEach, describe, expect, test } from 'vitest';
import type { TerminalScreen } from '../support/screen.ts';
import { createUiProject, rowWith, says, type UiProject, waitsFor } from './ui-project.ts';

let project: UiProject;

afterEach(() => project.close());

const levels = `
version: 1
name: shop
defaults: { retries: 0 }
tasks:
  orders: { command: "for i in $(seq 1 40); do echo order $i; done; echo ERROR one order is odd; ${waitsFor('go')}" }
  customers: { command: "echo customers; ${waitsFor('go')}" }
  load_orders: { command: "echo loaded" }
pipelines:
  level_0_parallel: { tasks: [orders, customers] }
  level_1_parallel: { tasks: [load_orders], dependencies: [orders, customers] }
`;

async function openShop(size = { columns: 80, rows: 24 }): Promise<TerminalScreen> {
  project = createUiProject(levels);
  const screen = project.open([], size);
  await screen.waitFor('41 lines');
  return screen;
}

async function quit(screen: TerminalScreen): Promise<number> {
  project.touch('go');
  await screen.waitFor('SUCCESS');
  screen.press('q');
  return screen.waitForExit();
}

/** As the shell expects to find it. */
function expectRestored(screen: TerminalScreen): void {
  expect(screen.buffer).toBe('normal');
  expect(screen.cursorIsVisible).toBe(true);
  expect(screen.modes.mouseTrackingMode).toBe('none');
  expect(screen.modes.bracketedPasteMode).toBe(false);
  for (const mode of ['icanon', 'echo', 'isig']) expect(screen.lineModes()).toContain(mode);
}

describe('the task list', () => {
  test('is filtered while typing, and Esc restores it', async () => {
    const screen = await openShop();
    screen.press('/', 'load');
    await screen.waitFor('filter: load');
    await screen.waitFor('1 of 3');
    expect(rowWith(screen, 'customers')).toBe('');
    screen.press('Esc');
    await screen.waitFor(says('customers', '⠋|⠙|⠹|⠸|⠼|⠴|⠦|⠧|⠇|⠏'));
    screen.press('/', 'state:run', 'Enter');
    await screen.waitFor('2 of 3');
    expect(await quit(screen)).toBe(0);
    expectRestored(screen);
  });

  test('collapses a level, and the selection moves to the level', async () => {
    const screen = await openShop();
    screen.press('Home', 'j', 'h', 'h');
    await screen.waitFor('▸ ');
    expect(rowWith(screen, '├─')).toBe('');
    expect(rowWith(screen, '▸')).toContain('›');
    screen.press('l');
    await screen.waitFor('├─ ');
    expect(await quit(screen)).toBe(0);
  });

  test('folds all levels, and is sorted by what tasks use', async () => {
    const screen = await openShop({ columns: 200, rows: 50 });
    screen.press('H');
    await screen.waitFor('▸ ');
    expect(rowWith(screen, '▾')).toBe('');
    screen.press('U', 'o', 'o');
    await screen.waitFor('by duration');
    expect(rowWith(screen, 'by duration')).toContain('↓time');
    // Nothing is sorted by CPU and memory before they are measured.
    await screen.waitFor(/ cpu ─+ mem /);
    screen.press('o', 'o');
    await screen.waitFor('↓mem');
    await screen.waitFor((current) => current.rows()[4]?.includes('load_orders') === true);
    screen.press('J');
    await screen.waitFor('level: the list is sorted by memory; o changes that');
    expect(await quit(screen)).toBe(0);
  });

  test('is selected by click and scrolled by wheel once the mouse is on', async () => {
    const screen = await openShop();
    screen.press('m');
    await screen.waitFor('mouse on');
    const row = screen.rows().findIndex((text) => text.includes('customers'));
    screen.press(`\x1b[<0;20;${row + 1}M`, `\x1b[<0;20;${row + 1}m`);
    await screen.waitFor('Log customers');
    expect(await quit(screen)).toBe(0);
    expectRestored(screen);
  });
});

describe('the log', () => {
  test('is searched, and n and N go to the next and previous match', async () => {
    const screen = await openShop();
    screen.press('2', '/', 'order 1', 'Enter');
    await screen.waitFor('11 of 11');
    screen.press('n');
    await screen.waitFor('1 of 11');
    expect(rowWith(screen, 'order 1 ')).toContain('order 1');
    screen.press('N', 'N');
    await screen.waitFor('10 of 11');
    expect(rowWith(screen, 'order 18')).not.toBe('');
    screen.press('/', 'nowhere', 'Enter');
    await screen.waitFor('not found');
    expect(await quit(screen)).toBe(0);
  });

  test('pauses when scrolled up, and follows again at its end', async () => {
    const screen = await openShop();
    screen.press('2', 'PageUp');
    await screen.waitFor('PAUSED');
    await screen.waitFor((current) => rowWith(current, 'ERROR') === '');
    screen.press('G');
    await screen.waitFor('FOLLOW');
    await screen.waitFor('ERROR one order is odd');
    expect(await quit(screen)).toBe(0);
  });

  test('can show only lines that look like errors', async () => {
    const screen = await openShop();
    screen.press('E');
    await screen.waitFor('errors only');
    await screen.waitFor('1 line ');
    expect(rowWith(screen, 'order 40')).toBe('');
    expect(rowWith(screen, 'ERROR one order is odd')).not.toBe('');
    expect(await quit(screen)).toBe(0);
  });

  test('fills the screen without borders when zoomed', async () => {
    const screen = await openShop();
    screen.press('2', 'z');
    await screen.waitFor((current) => current.rows()[1]?.startsWith(' 2 Log orders') === true);
    // The larger window is read from the disk.
    await screen.waitFor((current) => current.rows().includes('order 40'));
    expect(screen.text()).not.toContain('│');
    screen.press('Esc');
    await screen.waitFor('1 Tasks');
    expect(await quit(screen)).toBe(0);
  });
});

test('the help shows all keys and signs, scrolls, and closes with Esc', async () => {
  const screen = await openShop();
  screen.press('?');
  await screen.waitFor('retry it; in a countdown: right now');
  screen.press('G');
  await screen.waitFor('a check failed: the data is wrong');
  screen.press('g');
  await screen.waitFor('retry it; in a countdown: right now');
  screen.press('Esc');
  await screen.waitFor('1 Tasks');
  expect(await quit(screen)).toBe(0);
});

test('pasted text does not act as keys', async () => {
  const screen = await openShop();
  screen.press('\x1b[200~xyq\x1b[201~');
  await screen.waitFor('pasted text is ignored');
  screen.press('/', '\x1b[200~cust\x1b[201~');
  await screen.waitFor('filter: cust');
  screen.press('Esc');
  expect(await quit(screen)).toBe(0);
});

test('every size shows whole rows, and a screen that is too small says so and accepts only quit', async () => {
  const screen = await openShop();
  for (const [columns, rows] of [
    [120, 40],
    [200, 50],
    [61, 16],
    [150, 24],
  ] as const) {
    screen.resize(columns, rows);
    await screen.waitFor((current) => {
      const last = current.rows()[rows - 1] ?? '';
      return current.rows()[1]?.length === columns && last.includes('? help');
    });
    for (const row of screen.rows().slice(1, -1)) expect(row).toHaveLength(columns);
  }
  for (const [columns, rows, question] of [
    [50, 12, ' Quit and cancel 2 running tasks?  y yes  n no'],
    [20, 2, ' Quit?  y yes  n no'],
    [10, 1, ' Quit? y/n'],
  ] as const) {
    screen.resize(columns, rows);
    if (columns > 40) await screen.waitFor(`needs 60x15, this is ${columns}x${rows}`);
    screen.press('x', 'q');
    await screen.waitFor((current) => current.rows()[rows - 1]?.trimEnd() === question);
    screen.press('n');
    await screen.waitFor((current) => current.rows()[rows - 1]?.trimEnd() !== question);
  }
  screen.resize(80, 24);
  await screen.waitFor('1 Tasks');
  expect(says('load_orders', 'waits for orders')(screen)).toBe(true);
  expect(await quit(screen)).toBe(0);
});

test('Ctrl+Z suspends to the shell, and fg brings the screen back', async () => {
  project = createUiProject(levels);
  const screen = await project.openInShell();
  await screen.waitFor('41 lines');
  screen.press('Ctrl+Z');
  await screen.waitFor('Stopped');
  expect(screen.buffer).toBe('normal');
  expect(screen.cursorIsVisible).toBe(true);
  screen.press('fg', 'Enter');
  await screen.waitFor('1 Tasks');
  project.touch('go');
  await screen.waitFor('SUCCESS');
  screen.press('q');
  await screen.waitFor(/shop succeeded(.|\n)*prompt:/);
});
