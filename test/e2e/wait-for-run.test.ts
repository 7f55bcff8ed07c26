import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createProject, type Project } from './command-line.ts';

let project: Project;
afterEach(() => project.remove());

const pipeline = `version: 1
name: shop
tasks: { load: { command: "echo begun >> ran; until test -e go; do sleep 0.05; done" } }
`;
const has = (name: string) => existsSync(join(project.directory, name));
const write = (name: string, text = '') => writeFileSync(join(project.directory, name), text);
const began = (times: number) =>
  expect
    .poll(() => (has('ran') ? readFileSync(join(project.directory, 'ran'), 'utf8').split('\n').length - 1 : 0))
    .toBe(times);

/** A run that is under way. */
async function startFirst() {
  project = createProject(pipeline);
  const first = project.start(['run']);
  await began(1);
  return first;
}

describe('run --wait', () => {
  test('waits for the run that is under way, says for which, and then runs as a run of its own', async () => {
    const first = await startFirst();
    const second = project.start(['run', '--wait', 'pipeline.yaml']);
    await expect.poll(second.err).toMatch(/^waiting: Pipeline "shop" is being run by process \d+: run \S+, since /);
    write('go');
    expect((await first.ended).code).toBe(0);
    const ended = await second.ended;
    expect(ended.code).toBe(0);
    await began(2);
    const runs = JSON.parse((await project.call(['history', '--json'])).out) as {
      readonly runs?: unknown[];
    } & unknown[];
    expect((runs.runs ?? runs).length).toBe(2);
    await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [0] });
  });

  test('ends with 3 when its time is over, and with 130 at once when it is interrupted', async () => {
    const first = await startFirst();
    const late = await project.call(['run', '--wait=1s']);
    expect(late.code).toBe(3);
    expect(late.err).toMatch(/^waiting at most 1s: Pipeline "shop" is being run by process \d+/);
    expect(late.err).toMatch(/error\[run\/locked\]: Pipeline "shop" is being run by .*; gave up after 1s/);
    const stopped = project.start(['run', '--wait']);
    await expect.poll(stopped.err).toContain('waiting: ');
    stopped.child.kill('SIGINT');
    expect((await stopped.ended).code).toBe(130);
    write('go');
    const ended = await first.ended;
    await began(1);
    await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [0] });
  });

  test('that is no duration is a mistake of the call', async () => {
    project = createProject(pipeline);
    const { code, err } = await project.call(['run', '--wait', 'long']);
    expect(code).toBe(2);
    expect(err).toContain('error[usage/bad-argument]: --wait cannot be "long"');
    expect(has('ran')).toBe(false);
  });
});
