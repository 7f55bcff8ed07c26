import { stripVTControlCharacters } from 'node:util';
import { render } from 'ink-testing-library';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import Output from '../../../node_modules/ink/build/output.js';
import { App } from '../../../src/ui/app.tsx';
import { paneMeasure } from '../../../src/ui/panes/registry.ts';
import { createScreenStore, type ScreenStore } from '../../../src/ui/store/screen-store.ts';
import { installCompositor } from '../../../src/ui/terminal/span-compositor.ts';
import { createTheme } from '../../../src/ui/theme.ts';
import { type FakeRunSource, fakeRunSource, until } from './support/watched-run.ts';

const theme = createTheme({ colour: false, unicode: true });
let run: FakeRunSource;
let store: ScreenStore;
let unmount: () => void;

// Test files share their modules: the next one gets Ink as it was.
const original = Output.prototype.get;
beforeAll(() => {
  installCompositor({});
});
afterAll(() => {
  Output.prototype.get = original;
});
beforeEach(() => {
  run = fakeRunSource();
  run.print('nflverse_pbp', 1, 'season 2023\nseason 2024\n');
});
afterEach(() => {
  unmount();
  store.close();
  run.close();
});

function open(columns: number, rows: number) {
  const nothing = () => {};
  const host = {
    leave: nothing,
    copy: nothing,
    page: nothing,
    show: nothing,
    suspend: nothing,
    repaint: nothing,
    setMouse: nothing,
  };
  store = createScreenStore(run.source, host, paneMeasure(theme), { columns, rows });
  const app = render(<App store={store} theme={theme} />);
  unmount = app.unmount;
  return app;
}

/** What is on the screen, without styles. */
function linesOf(app: ReturnType<typeof open>): readonly string[] {
  return stripVTControlCharacters(app.lastFrame() ?? '').split('\n');
}

async function shows(app: ReturnType<typeof open>, text: string): Promise<readonly string[]> {
  await until(() => linesOf(app).join('\n').includes(text), `"${text}"`);
  return linesOf(app);
}

describe.each([
  [80, 24, ['1 Tasks', '2 Log nflverse_pbp']],
  [120, 40, ['1 Tasks', '2 Log nflverse_pbp', '3 CPU', 'Memory', '4 Timeline']],
  [200, 50, ['1 Tasks', '2 Log nflverse_pbp', '3 CPU', 'Memory', '4 Timeline', '5 Checks']],
])('at %ix%i', (columns, rows, titles) => {
  test('every pane is shown, and every row is as wide as the screen', async () => {
    const lines = await shows(open(columns, rows), 'season 2024');
    expect(lines).toHaveLength(rows);
    for (const line of lines.slice(1, -1)) expect(line).toHaveLength(columns);
    for (const title of titles) expect(lines.join('\n')).toContain(title);
    expect(lines[0]).toContain('nfl-refresh');
    expect(lines[rows - 1]).toContain('? help');
  });

  test('help, a confirmation, history and a zoomed log fit too', async () => {
    const app = open(columns, rows);
    await shows(app, 'season 2024');
    for (const [keys, sought] of [
      ['?', 'Esc closes'],
      ['\x1b', '1 Tasks'],
      ['6', '6 History'],
      ['L', 'blocking'],
      ['2', '2 Log'],
    ] as const) {
      app.stdin.write(keys);
      const lines = await shows(app, sought);
      expect(lines).toHaveLength(rows);
      for (const line of lines.slice(1, -1)) expect(line).toHaveLength(columns);
    }
    app.stdin.write('z');
    await until(() => linesOf(app)[1]?.startsWith(' 2 Log nflverse_pbp') === true);
    expect(linesOf(app)[2]?.trimEnd()).toBe('season 2023');
    app.stdin.write('zx');
    await shows(app, 'Cancel nflverse_pbp? 4 tasks downstream will not run.');
  });
});

test('at 48x12 only a notice is shown', async () => {
  const lines = await shows(open(48, 12), 'this is 48x12');
  expect(lines.join('')).not.toContain('─');
});
