import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createProject, type Project } from './command-line.ts';

let project: Project;
afterEach(() => project.remove());

const pipeline = `
version: 1
name: nightly
limits: { max_parallel: 2 }
defaults: { timeout: 10s, retries: 2, backoff: { initial: 0s } }
tasks:
  ends: { command: "echo >>ends; until [ -e asleep ]; do sleep 0.05; done; touch ended" }
  goes_on: { command: "echo >>goes-on; until [ -e awake ]; do sleep 0.05; done" }
`;

test('a run suspended by SIGSTOP does not count that time towards the timeouts of its tasks', async () => {
  project = createProject(pipeline);
  const at = (name: string) => join(project.directory, name);
  const running = project.start(['run']);
  const { child } = running;
  await expect.poll(() => existsSync(at('ends')) && existsSync(at('goes-on'))).toBe(true);
  child.kill('SIGSTOP');
  const stopped = performance.now();
  writeFileSync(at('asleep'), '');
  await expect.poll(() => existsSync(at('ended'))).toBe(true);
  // Longer than the timeout of both tasks.
  await expect.poll(() => performance.now() - stopped).toBeGreaterThan(12_000);
  child.kill('SIGCONT');
  writeFileSync(at('awake'), '');
  const ended = await running.ended;
  expect(ended.out).not.toMatch(/time/);
  // Each was begun once.
  expect([readFileSync(at('ends'), 'utf8'), readFileSync(at('goes-on'), 'utf8')]).toEqual(['\n', '\n']);
  await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [0] });
});
