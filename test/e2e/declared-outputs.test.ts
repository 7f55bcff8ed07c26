import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createProject, type Project } from './command-line.ts';

let project: Project;

beforeAll(() => {
  project = createProject(`version: 1
name: exports
tasks:
  pattern: { command: "echo 1 > plays_1.csv", outputs: ["p*.csv"] }
  again: { command: "echo 1 > plays_2.csv", outputs: ["p*.csv"] }
  nothing: { command: "true", outputs: ["q*.csv"] }
  empty: { command: "mkdir data; echo 1 > data/r1.csv; : > data/r2.csv", outputs: ["data/r*.csv"] }
  stale: { command: "true", outputs: [old.csv] }
`);
  writeFileSync(join(project.directory, 'old.csv'), 'x');
});
afterAll(() => project.remove());

test('a task may declare output files by a pattern', async () => {
  expect((await project.call(['run', '--only', 'pattern'])).code).toBe(0);
  // With a match from before.
  expect((await project.call(['run', '--only', 'again'])).code).toBe(0);
});

test('a task fails when a file that its pattern matches is empty, and the file is named', async () => {
  const ended = await project.call(['run', '--only', 'empty']);
  expect(ended.out).toContain('its output data/r2.csv is empty');
  expect(ended.out).not.toContain('did not write');
  await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [1] });
});

test.each([
  ['nothing', 'q*.csv'],
  ['stale', 'old.csv'],
])('a task fails when it has not written its declared output files: %s', async (task, path) => {
  const ended = await project.call(['run', '--only', task]);
  expect(ended.out).toContain(`did not write ${path}`);
  await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [1] });
});
