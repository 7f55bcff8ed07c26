import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { configPath } from '../../../../src/cli/config/config-file.ts';
import { describeMistake, loadConfig } from '../../../../src/cli/config/load-config.ts';

const cwd = mkdtempSync(join(tmpdir(), 'etl-tui-config-'));
afterAll(() => rmSync(cwd, { recursive: true }));

test.each([
  [{ HOME: '/home/ann' }, '/home/ann/.config/etl-tui/config.yaml'],
  [{ HOME: '/home/ann', XDG_CONFIG_HOME: '/conf' }, '/conf/etl-tui/config.yaml'],
  // A relative path means nothing, as the specification of these variables says.
  [{ HOME: '/home/ann', XDG_CONFIG_HOME: 'conf' }, '/home/ann/.config/etl-tui/config.yaml'],
  [{ HOME: '/home/ann', XDG_CONFIG_HOME: '/conf', ETL_TUI_CONFIG: '' }, '/conf/etl-tui/config.yaml'],
  [{ ETL_TUI_CONFIG: '/own.yaml', XDG_CONFIG_HOME: '/conf' }, '/own.yaml'],
  [{ ETL_TUI_CONFIG: 'own.yaml' }, '/work/own.yaml'],
  [{}, join(homedir(), '.config/etl-tui/config.yaml')],
])('with %j the file is %s', (env, path) => {
  expect(configPath({ cwd: '/work', env }).path).toBe(path);
});

test('without a file everything is as usual', async () => {
  const usual = { colours: new Map(), keys: new Map(), screen: {} };
  for (const env of [{ XDG_CONFIG_HOME: cwd }, { ETL_TUI_CONFIG: '/dev/null' }])
    expect(await loadConfig({ cwd, env })).toMatchObject({ exists: false, config: usual, warnings: [] });
});

test('what the file says is taken', async () => {
  mkdirSync(join(cwd, 'etl-tui'));
  writeFileSync(join(cwd, 'etl-tui/config.yaml'), 'theme: light\n');
  const loaded = await loadConfig({ cwd, env: { XDG_CONFIG_HOME: cwd } });
  expect(loaded).toMatchObject({ exists: true, config: { theme: 'light' }, warnings: [] });
});

describe('what cannot be taken is a warning, and everything is as usual', () => {
  test.each([
    ['gone.yaml', () => {}, 'config/no-file', /there is no file ".*gone\.yaml"$/],
    ['directory.yaml', (path: string) => mkdirSync(path), 'spec/unreadable', /it is not a file$/],
    ['pipe.yaml', (path: string) => execFileSync('mkfifo', [path]), 'spec/unreadable', /it is not a file$/],
    [
      'bytes.yaml',
      (path: string) => writeFileSync(path, Buffer.from([0xff, 0xfe, 0x41])),
      'spec/unreadable',
      /not text in UTF-8$/,
    ],
    [
      'large.yaml',
      (path: string) => writeFileSync(path, '#'.repeat(1_048_577)),
      'spec/unreadable',
      /larger than 1 MiB$/,
    ],
    ['mistake.yaml', (path: string) => writeFileSync(path, 'thema: light'), 'spec/unknown-key', /has no key "thema"$/],
  ] as const)('%s', async (name, make, code, message) => {
    make(join(cwd, name));
    const { config, warnings } = await loadConfig({ cwd, env: { ETL_TUI_CONFIG: name } });
    expect(config).toEqual({ colours: new Map(), keys: new Map(), screen: {} });
    expect(warnings).toEqual([
      expect.objectContaining({ code, severity: 'warning', message: expect.stringMatching(message) }),
    ]);
    expect(describeMistake(warnings)).toMatch(/; the usual keys and colours hold$/);
  });

  test.skipIf(process.getuid?.() === 0)('a file of somebody else', async () => {
    const path = join(cwd, 'closed.yaml');
    writeFileSync(path, 'theme: light');
    chmodSync(path, 0);
    const { warnings } = await loadConfig({ cwd, env: { ETL_TUI_CONFIG: path } });
    expect(warnings[0]?.message).toMatch(/permission denied$/);
  });
});
