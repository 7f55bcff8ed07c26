import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createProject, type Project, program } from './command-line.ts';

const pipeline = `
version: 1
name: nightly
tasks:
  load: { command: "echo >>started; until [ -e go ]; do sleep 0.05; done" }
`;

let project: Project;
beforeEach(() => {
  project = createProject(pipeline);
});
afterEach(() => project.remove());

/** Runs the pipeline by a script that first says its pid, sends the signal while the task runs, and lets the task end. */
async function signalled(script: string, signal: NodeJS.Signals) {
  const { directory } = project;
  const { DATABASE_URL: _, ...env } = process.env;
  const shell = spawn('sh', ['-c', script, program], { cwd: directory, env, stdio: ['ignore', 'pipe', 'ignore'] });
  let out = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  const closed = once(shell, 'close');
  await expect.poll(() => existsSync(join(directory, 'started')), { timeout: 30_000 }).toBe(true);
  process.kill(Number(out.split('\n', 1)[0]), signal);
  // A signal that is not ignored would have come first: it has the run cancelled, and the task ended.
  process.kill(Number(out.split('\n', 1)[0]), 'SIGWINCH');
  writeFileSync(join(directory, 'go'), '');
  const [code] = (await closed) as [number | null];
  return { code, out, err: '' };
}

test.each([
  ['SIGHUP', 'after nohup', 'echo $$; exec nohup "$0" run'],
  ['SIGHUP', 'below a shell that ignores it', `trap '' HUP; "$0" run & echo $!; wait $!`],
  ['SIGINT', 'in the background of a script', '"$0" run & echo $!; wait $!'],
  ['SIGTERM', 'as its caller wished', `trap '' TERM; echo $$; exec "$0" run`],
] as const)('%s that the parent process ignores (%s) does not stop a run', async (signal, _, script) => {
  const ended = await signalled(script, signal);
  expect(ended.out).toContain('nightly succeeded');
  await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [0] });
});

test.each([
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s that the parent process does not ignore stops a run', async (signal, expected) => {
  const ended = await signalled('echo $$; exec "$0" run', signal);
  expect(ended.out).toContain('nightly was cancelled');
  await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [expected] });
});
