import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createProject, type Project } from './command-line.ts';

let project: Project;
afterEach(() => project.remove());

/** Runs one task until it has failed for good; returns how often it was begun. */
async function timesBegun(command: string, policy: string): Promise<number> {
  project = createProject(`
version: 1
name: nightly
defaults: { backoff: { initial: 0s } }
tasks:
  load: { command: ${JSON.stringify(`echo begun >>begun; ${command}`)}, ${policy} }
`);
  await expectCleanAftermath({ directory: project.directory, ended: project.call(['run']), exitCodes: [1] });
  return readFileSync(join(project.directory, 'begun'), 'utf8').split('\n').length - 1;
}

test.each([
  ['that was killed by a signal is begun again', 'exec sh -c "kill -9 \\$\\$"', 2],
  ['whose command is not found is not begun again', 'no-such-command', 1],
  ['whose command cannot be executed is not begun again', '/etc/passwd', 1],
])('a task with one retry %s', async (_, command, times) => {
  expect(await timesBegun(command, 'retries: 1')).toBe(times);
});

test.each([0, 1])(
  'a task that kills the shell it was started by is begun five times more, whatever its retries: %i',
  async (retries) => {
    expect(await timesBegun('kill -9 $PPID; sleep 60', `retries: ${retries}`)).toBe(6);
  },
);

test.each([
  ['a signal', 'exec sh -c "kill -9 \\$\\$"', 'exit_codes: [137]', 2],
  ['another signal', 'exec sh -c "kill -9 \\$\\$"', 'exit_codes: [143]', 1],
  ['a command that is not found', 'no-such-command', 'exit_codes: [127]', 2],
  ['a text in colours', 'printf "quota \\\\033[31mexceeded\\\\033[0m\\n"; exit 1', 'output: ["quota exceeded"]', 2],
])('a failure by %s is retried if, and only if, retry_on names it', async (_, command, on, times) => {
  expect(await timesBegun(command, `retries: 1, retry_on: { ${on} }`)).toBe(times);
});
