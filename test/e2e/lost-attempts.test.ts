import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createProject, type Project } from './command-line.ts';

let project: Project;
afterEach(() => project.remove());

test('an attempt whose shell is killed is told as lost, and is repeated although the task has no retries', async () => {
  project = createProject(`
version: 1
name: nightly
defaults: { backoff: { initial: 0s } }
tasks:
  load: { command: "echo >>begun; [ -e killed ] || { touch killed; kill -9 $PPID; sleep 300; }" }
`);
  const ended = await project.call(['run']);
  expect(ended.out).toContain('the shell of the task ended unexpectedly: it was ended by SIGKILL');
  expect(readFileSync(join(project.directory, 'begun'), 'utf8')).toBe('\n\n');
  await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [0] });
});
