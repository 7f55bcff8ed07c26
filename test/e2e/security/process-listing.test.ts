import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { canary, leaksIn } from '../../support/canary.ts';
import { createProject } from '../command-line.ts';
import { waitsFor } from '../ui-project.ts';

const pipeline = `version: 1
name: shop
secrets: [licence]
params: { api_token: { default: none }, licence: { default: none }, day: { default: none } }
tasks:
  load: { command: "test -n \\"$ETL_PARAM_API_TOKEN\\"; echo begun; ${waitsFor('go')}" }
checks: [{ name: right, command: "test -n \\"$ETL_PARAM_LICENCE\\"" }]
`;
const stranger = '65534';

/** The command lines of all processes, as another user of the machine reads them where this one may become him. */
function commandLines(): string {
  if (process.getuid?.() === 0) {
    const args = ['--reuid', stranger, '--regid', stranger, '--clear-groups', 'ps', '-eww', '-o', 'args='];
    const { status, stdout } = spawnSync('setpriv', args, { encoding: 'utf8' });
    if (status === 0) return stdout;
  }
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')).join('\n');
}

/** Empty for a process that has ended. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

test.skipIf(process.platform !== 'linux').each([
  ['of the environment', ['-p', 'api_token', '-p', 'licence', '-p', 'day=monday']],
  [
    'of the command line, once the run has begun',
    ['-p', `api_token=${canary}`, `--param=licence=${canary}`, '-p', 'day=monday'],
  ],
])('nobody else finds a secret %s in the list of processes', async (_, params) => {
  const { directory, start, remove } = createProject(pipeline);
  onTestFinished(remove);
  const env = { ETL_PARAM_API_TOKEN: canary, ETL_PARAM_LICENCE: canary, PGPASSWORD: canary };
  const run = start(['run', '--ci', '--reporter', 'json', ...params], env);
  await run.says('task.spawned');
  const seen = commandLines();
  writeFileSync(join(directory, 'go'), '');
  expect((await run.ended).code).toBe(0);
  expect(seen).toContain('etl-tui-slot');
  expect(seen).toContain('day=monday');
  expect(leaksIn(seen, [canary])).toEqual({});
});

test('a parameter whose value is neither given nor in the environment is a usage error', async () => {
  const { call, remove } = createProject(pipeline);
  onTestFinished(remove);
  const { code, err } = await call(['run', '-p', 'api_token']);
  expect([code, err]).toEqual([2, expect.stringContaining('ETL_PARAM_NAME')]);
});
