import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createProject, type Project, type Running } from './command-line.ts';
import { createUiProject, says, type UiProject, waitsFor } from './ui-project.ts';

const pipeline = `
version: 1
name: shop
tasks:
  load: { command: "cp in.csv load.out", inputs: [in.csv], outputs: [load.out] }
  extra: { command: "cat more*.csv >extra.out", inputs: ["more*.csv"], outputs: [extra.out] }
  merge:
    command: "cat load.out extra.out >merge.out; ! grep -q bad merge.out"
    inputs: [load.out, extra.out]
    outputs: [merge.out]
    dependencies: [load, extra]
  other: { command: "true" }
`;

describe('etl-tui run --watch', () => {
  let project: Project;
  let running: Running;

  afterEach(() => {
    running.child.kill('SIGKILL');
    project.remove();
  });

  function write(name: string, text: string): void {
    writeFileSync(join(project.directory, name), text);
  }

  /** The log since the run before, once this one has ended and the next change is awaited. */
  function waitForRuns(): (text: string) => Promise<string> {
    let runs = 0;
    let read = 0;
    return async (text) => {
      runs += 1;
      await expect
        .poll(() => running.out().split('Ctrl-C ends').length - 1, { message: running.out() })
        .toBeGreaterThanOrEqual(runs);
      // What comes after the run already belongs to the next one.
      const end = running.out().indexOf('Ctrl-C ends', read) + 'Ctrl-C ends'.length;
      const log = running.out().slice(read, end);
      read = end;
      expect(log).toContain(text);
      return log;
    };
  }

  test('runs what a changed input makes stale, and nothing else, until Ctrl-C', async () => {
    project = createProject(pipeline);
    write('in.csv', '1\n');
    write('more.csv', '1\n');
    running = project.start(['run', '--watch', '--ci']);
    const next = waitForRuns();
    await next('4 succeeded');

    write('in.csv', '2\n');
    const changed = await next('in.csv has changed: load and what is downstream of it runs again');
    expect(changed).toMatch(/tasks +2 succeeded/);
    expect(changed).not.toMatch(/ (extra|other) /);

    // A failure waits for the change that mends it.
    write('more-2.csv', 'bad\n');
    expect(await next('more-2.csv is new: extra and')).toMatch(/merge +failed/);
    rmSync(join(project.directory, 'more-2.csv'));
    expect(await next('more-2.csv is gone: extra, merge and')).toMatch(/tasks +2 succeeded/);

    write('pipeline.yaml', pipeline.replace('command: "true"', 'command: "echo more"'));
    const edited = await next('pipeline.yaml has changed: other and');
    expect(edited).toMatch(/tasks +1 succeeded/);

    // The same content makes nothing stale, and neither does a pipeline with mistakes.
    write('in.csv', '2\n');
    await running.says('in.csv has changed: nothing has to run again');
    write('pipeline.yaml', pipeline.replace('name: shop', 'name: 7 up'));
    write('in.csv', '3\n');
    await expect.poll(running.err).toContain('error[');
    write('pipeline.yaml', pipeline.replace('command: "true"', 'command: "echo more"'));
    expect(await next('load and what is downstream of it runs again')).toMatch(/tasks +2 succeeded/);

    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    const { out } = await project.call(['history', '--json']);
    expect(JSON.parse(out).map(({ status }: { status: string }) => status)).toEqual([
      'success',
      'success',
      'failed',
      'success',
      'success',
      'success',
    ]);
  });

  test('does not run a task for ever that changes its own inputs', async () => {
    project = createProject(`
version: 1
name: loop
tasks:
  count: { command: "echo x >>count.csv", inputs: [count.csv] }
`);
    write('count.csv', '');
    running = project.start(['run', '--watch', '--ci']);
    const next = waitForRuns();
    await next('1 succeeded');
    await next('count.csv has changed: count and what is downstream of it runs again');
    await running.says('count: its inputs change whenever it runs; it is not run again for that');
    running.child.kill('SIGTERM');
    expect((await running.ended).code).toBe(143);
  });

  test('cannot be resumed or only shown', async () => {
    project = createProject(pipeline);
    running = project.start(['run', '--watch', '--resume']);
    expect(await running.ended).toMatchObject({ code: 2, err: expect.stringContaining('--watch and --resume') });
  });
});

describe('on the screen', () => {
  let project: UiProject;

  afterEach(() => project.close());

  test('a change begins the next run, and q ends it all', async () => {
    project = createUiProject(`
version: 1
name: shop
tasks:
  load: { command: "grep -q good in.csv", inputs: [in.csv] }
`);
    project.write('in.csv', 'bad\n');
    const screen = project.open(['run', '--watch']);
    await screen.waitFor('FAILED');
    await screen.waitFor('watching 1 input and the pipeline file');
    project.write('in.csv', 'good\n');
    await screen.waitFor('SUCCESS');
    await screen.waitFor(says('load', /✓/));
    screen.press('q');
    expect(await screen.waitForExit()).toBe(0);
  });

  test('all runs are shown on one screen, which says why the next one began', async () => {
    project = createUiProject(`
version: 1
name: shop
tasks:
  load: { command: "cat in.csv; ${waitsFor('go')}; rm go", inputs: [in.csv] }
`);
    project.write('in.csv', 'one\n');
    const screen = project.open(['run', '--watch']);
    await screen.waitFor('one');
    for (const content of ['two', 'three']) {
      project.touch('go');
      await screen.waitFor('watching 1 input and the pipeline file');
      project.write('in.csv', `${content}\n`);
      await screen.waitFor('in.csv has changed: load and what is downstream of it runs again');
      await screen.waitFor(content);
    }
    project.touch('go');
    await screen.waitFor('watching 1 input and the pipeline file');
    expect(screen.sent.split(enterScreen)).toHaveLength(2);
    expect(screen.sent).not.toContain(leaveScreen);
    // The keys are those of the run that is shown.
    screen.press('?');
    await screen.waitFor('Keys and signs');
    screen.press('Esc');
    await screen.waitFor('SUCCESS');
    screen.press('q');
    expect(await screen.waitForExit()).toBe(0);
    expect(screen.sent.split(leaveScreen)).toHaveLength(2);
    // What became of each run is below the prompt.
    expect(screen.history().match(/1 succeeded/g)).toHaveLength(3);
  });

  test('a run that cannot begin is told below the prompt, and the next one has a screen again', async () => {
    project = createUiProject(`
version: 1
name: shop
tasks:
  load: { command: "cat in.csv; ${waitsFor('go')}", inputs: [in.csv] }
`);
    project.write('in.csv', 'one\n');
    project.touch('go');
    const screen = project.open(['run', '--watch']);
    await screen.waitFor('watching 1 input and the pipeline file');
    rmSync(join(project.directory, 'go'));
    const other = project.start(['run', '--ci']);
    await other.says(', started');
    project.write('in.csv', 'two\n');
    await screen.waitFor(/is being run by[\s\S]*Ctrl-C ends/);
    expect(screen.buffer).toBe('normal');
    project.touch('go');
    await other.ended;
    project.write('in.csv', 'three\n');
    await screen.waitFor(/three[\s\S]*watching 1 input/);
    expect(screen.buffer).toBe('alternate');
    screen.press('q');
    expect(await screen.waitForExit()).toBe(0);
  });
});

const enterScreen = '\x1b[?1049h';
const leaveScreen = '\x1b[?1049l';
