import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createProject, type Project } from './command-line.ts';

let project: Project;
afterEach(() => project.remove());

const read = (name: string) => readFileSync(join(project.directory, name), 'utf8');

test('a run that takes longer than its limit is ended, has failed, says so everywhere, and can be resumed', async () => {
  project = createProject(`version: 1
name: shop
limits: { run: 8s }
defaults: { kill_grace: 1s }
notify: { command: "cat > told.json" }
tasks:
  first: { command: "echo first >> ran" }
  load: { command: "echo load >> ran; echo working; until test -e go; do sleep 0.05; done", dependencies: [first] }
  mart: { command: "echo mart >> ran", dependencies: [load] }
`);
  const ended = await project.call(['run', '--junit', 'junit.xml']);
  expect([ended.code, ended.err]).toEqual([1, '']);
  expect(ended.out).toContain('the run reached its limit of 8s, stopping the running tasks; 1 task still running');
  expect(ended.out).toMatch(/load +cancelled +\S+ +the run reached its limit of 8s/);
  expect(ended.out).toMatch(/shop failed in \S+: it reached its limit of 8s/);
  expect(ended.out).toMatch(/Not run\n.*mart: the run reached its limit of 8s/);
  const junit = read('junit.xml');
  expect(junit).toMatch(/failures="1"/);
  expect(junit).toContain('<failure message="cancelled: the run reached its limit of 8s" type="run-limit">working');
  expect(JSON.parse(read('told.json'))).toMatchObject({
    handoff: 'pipeline_task_failed',
    failed_task: 'load',
    error: 'the run reached its limit of 8s',
    action_required: expect.stringMatching(
      /^make it faster, or let the run take longer \(limits\.run\), then run it again/,
    ),
  });
  await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [1] });
  const { result } = JSON.parse((await project.call(['show', 'latest', '--json'])).out);
  expect(result).toMatchObject({ status: 'failed', run_limit_seconds: 8, verdict: 'task-failed' });
  expect((await project.call(['show', 'latest'])).out).toMatch(/shop failed in \S+: it reached its limit of 8s/);

  writeFileSync(join(project.directory, 'go'), '');
  const resumed = await project.call(['run', '--resume']);
  expect([resumed.code, resumed.err]).toEqual([0, '']);
  expect(resumed.out).toContain('reused: first');
  expect(read('ran')).toBe('first\nload\nload\nmart\n');
  await expectCleanAftermath({ directory: project.directory, ended: resumed, exitCodes: [0] });
});

test('a task that does not listen is killed after its grace, and what others see of the run stays true', async () => {
  project = createProject(`version: 1
limits: { run: 5s }
tasks:
  deaf: { command: "trap '' TERM; touch begun; while :; do sleep 0.05; done", kill_grace: 300ms }
`);
  const ended = await project.call(['run', '--reporter', 'json']);
  expect(ended.code).toBe(1);
  expect(existsSync(join(project.directory, 'begun'))).toBe(true);
  const events = ended.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.find(({ type }) => type === 'run.draining')?.reason).toEqual({ kind: 'run-limit', afterMs: 5000 });
  expect(events.at(-1)).toMatchObject({ type: 'run.reported', verdict: 'task-failed', exitCode: 1 });
  await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [1] });
});
