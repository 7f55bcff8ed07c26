import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
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

/** Runs the pipeline by a script that writes down the pid of the program, and sends that the signal while the task runs. */
async function signalled(script: string, signal: NodeJS.Signals) {
  const { directory } = project;
  const { DATABASE_URL: _, ...env } = process.env;
  const shell = spawn('sh', ['-c', script, program], {
    cwd: directory,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  // Of a test that failed: its task would wait for ever.
  onTestFinished(() => {
    try {
      process.kill(-shell.pid!, 'SIGKILL');
    } catch {
      // It has ended.
    }
  });
  let out = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  const closed = once(shell, 'close');
  await expect.poll(() => existsSync(join(directory, 'started'))).toBe(true);
  // The script may do so after the task has begun.
  const pid = () => readFileSync(join(directory, 'pid'), 'utf8');
  await expect.poll(pid).toMatch(/^\d+\n$/);
  process.kill(Number(pid()), signal);
  const ended = async () => {
    const [code] = (await closed) as [number | null];
    return { code, out, err: '' };
  };
  return { ended, letTaskEnd: () => writeFileSync(join(directory, 'go'), '') };
}

test.each([
  ['SIGHUP', 'after nohup', 'echo $$ >pid; exec nohup "$0" run'],
  ['SIGHUP', 'below a shell that ignores it', `trap '' HUP; "$0" run & echo $! >pid; wait $!`],
  ['SIGINT', 'in the background of a script', '"$0" run & echo $! >pid; wait $!'],
  ['SIGTERM', 'as its caller wished', `trap '' TERM; echo $$ >pid; exec "$0" run`],
] as const)('%s that the parent process ignores (%s) does not stop a run', async (signal, _, script) => {
  const run = await signalled(script, signal);
  run.letTaskEnd();
  const ended = await run.ended();
  expect(ended.out).toContain('nightly succeeded');
  await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [0] });
});

test.each([
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s that the parent process does not ignore stops a run', async (signal, expected) => {
  const run = await signalled('echo $$ >pid; exec "$0" run', signal);
  const ended = await run.ended();
  expect(ended.out).toContain('nightly was cancelled');
  await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [expected] });
});
