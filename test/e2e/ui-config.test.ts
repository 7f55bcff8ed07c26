import { afterEach, expect, test } from 'vitest';
import { createUiProject, says, type UiProject } from './ui-project.ts';

let project: UiProject;

afterEach(() => project.close());

const pipeline = `
version: 1
name: shop
tasks:
  fetch: { command: "true" }
  load: { command: "exit 3", dependencies: [fetch] }
`;

test('keys and colours of the user are those of the screen, in footer and help too', async () => {
  project = createUiProject(pipeline);
  project.write(
    'mine.yaml',
    'theme: light\ncolors: { failure: "#af0000" }\nkeys: { zoom: Z, quit: Q, help: Ctrl+G }\nscreen: { ascii: true }\n',
  );
  const screen = project.open([], {
    columns: 120,
    rows: 30,
    env: { ETL_TUI_CONFIG: 'mine.yaml', COLORTERM: 'truecolor' },
  });
  await screen.waitFor('FAILED');
  await screen.waitFor(/Z zoom.*Q quit.*Ctrl\+G help/);
  // The colour of the failure that was chosen, and that of the light theme for what has succeeded.
  expect(screen.sent).toContain('38;2;175;0;0');
  expect(screen.sent).toContain('38;2;0;135;0');
  expect(screen.text()).toMatch(/^[\n\x20-\x7e]*$/);
  screen.press('\u0007');
  await screen.waitFor(/Q +quit \(asks/);
  screen.press('Q');
  await screen.waitFor((now) => !now.text().includes('quit (asks'));
  screen.press('Z');
  await screen.waitFor((now) => !now.text().includes('Timeline'));
  screen.press('Q');
  expect(await screen.waitForExit()).toBe(1);
});

test('a mistake is told before the screen and on it, and the usual keys hold', async () => {
  project = createUiProject(pipeline);
  project.write('mine.yaml', 'keys:\n  zoom: e\n');
  const screen = project.open([], { columns: 120, rows: 30, env: { ETL_TUI_CONFIG: 'mine.yaml' } });
  await screen.waitFor(/mine\.yaml:2:9: "e" cannot be the key of "zoom".*the usual keys/);
  await screen.waitFor(says('load', /exit 3/));
  screen.press('q');
  expect(await screen.waitForExit()).toBe(1);
  const told = screen.history();
  expect(told).toContain('mine.yaml:2:9: warning[config/key-taken]');
  expect(told).toContain('2 |   zoom: e'.replace('|', '│'));
  expect(told).toMatch(/nothing of \S*mine\.yaml\s+counts/);
});

test('a run without a screen does not look at the file', async () => {
  project = createUiProject('tasks: { fetch: { command: "true" } }\n');
  const { code, err } = await project.start(['run', '--ci'], { ETL_TUI_CONFIG: 'gone.yaml' }).ended;
  expect([code, err]).toEqual([0, '']);
});
