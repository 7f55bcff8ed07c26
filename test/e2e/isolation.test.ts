import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createProject, type Project } from './command-line.ts';

let project: Project;
afterEach(() => project.remove());

const pipeline = `
version: 1
name: nightly
defaults: { isolation: pid }
tasks:
  load: { command: "echo $$ > pid" }
  free: { command: "echo $$ > free", isolation: none }
`;

/** A PATH on which `unshare` does as the script says; without one it is not there at all. */
function pathWith(script: string | undefined): string {
  const bin = join(project.directory, 'bin');
  mkdirSync(bin);
  for (const name of ['bash', 'mkfifo', 'nsenter', 'setsid', 'env', 'grep', 'sleep', 'tr']) {
    symlinkSync(spawnSync('bash', ['-c', `type -P ${name}`], { encoding: 'utf8' }).stdout.trim(), join(bin, name));
  }
  if (script !== undefined) writeFileSync(join(bin, 'unshare'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return bin;
}

test.each([
  [
    'the kernel does not allow it',
    'echo "unshare: unshare failed: Operation not permitted" >&2; exit 1',
    /"isolation: pid" of load does not work on this machine: unshare: unshare failed: Operation not permitted/,
  ],
  [
    'there is no unshare',
    undefined,
    /"isolation: pid" of load does not work on this machine: "isolation: pid" needs unshare, nsenter and setsid/,
  ],
])('a run with isolated tasks is refused before its first task where %s', async (_, script, message) => {
  project = createProject(pipeline);
  const ended = await project.call(['run'], { PATH: pathWith(script) });
  expect(ended.err).toMatch(/error\[run\/no-isolation\]/);
  expect(ended.err).toMatch(message);
  expect(ended.out).not.toContain('load');
  await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [3] });
  expect((await project.call(['run', '--only', 'free'])).code).toBe(0);
});
