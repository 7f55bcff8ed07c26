import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createProject, type Project, type Running } from './command-line.ts';

let project: Project;
let watch: Running | undefined;

afterEach(() => {
  watch?.child.kill('SIGKILL');
  watch = undefined;
  project.remove();
});

function pipeline(more = ''): string {
  return `
version: 1
name: shop
include: more.yaml
tasks:
  fetch: { command: "touch begun" }
${more}`;
}

describe('etl-tui watch', () => {
  test('names mistakes and shows the plan with every save of the file and of what it includes, until Ctrl-C', async () => {
    project = createProject(pipeline());
    const write = (name: string, text: string) => writeFileSync(join(project.directory, name), text);
    write('more.yaml', 'version: 1\ntasks:\n  load: { command: "true" }\n');
    watch = project.start(['watch']);
    await watch.says('pipeline.yaml is valid\nwatching pipeline.yaml and 1 file that it names; Ctrl-C ends');
    expect(watch.out()).toContain('shop: 2 tasks in 1 wave');
    write('pipeline.yaml', pipeline('  merge: { command: "true", dependencies: [lode] }\n'));
    await watch.says('task "merge" names a task "lode", which does not exist');
    await watch.says('pipeline.yaml: 1 error');
    // As some editors save.
    write('.new', pipeline('  merge: { command: "true", dependencies: [load] }\n'));
    renameSync(join(project.directory, '.new'), join(project.directory, 'pipeline.yaml'));
    await watch.says('changes since the last valid version:\n  + task merge\n');
    write('more.yaml', 'version: 1\ntasks:\n  load: { command: "true", timeout: 5m }\n');
    await watch.says('  ~ task load: timeout\n');
    watch.child.kill('SIGINT');
    expect(await watch.ended).toMatchObject({ code: 130, err: '' });
    expect(existsSync(join(project.directory, 'begun'))).toBe(false);
  });

  test('goes on when a file that is included is made', async () => {
    project = createProject(pipeline());
    watch = project.start(['watch']);
    await watch.says('pipeline.yaml: 1 error');
    writeFileSync(join(project.directory, 'more.yaml'), 'version: 1\ntasks:\n  load: { command: "true" }\n');
    await watch.says('pipeline.yaml is valid');
    watch.child.kill('SIGTERM');
    expect((await watch.ended).code).toBe(143);
  });

  test('ends at once where there is no pipeline', async () => {
    project = createProject('');
    const empty = mkdtempSync(join(tmpdir(), 'etl-tui-empty-'));
    const { code, err } = await project.call(['watch', join(empty, 'none.yaml')]);
    expect([code, err]).toEqual([2, expect.stringContaining('there is no file')]);
    rmSync(empty, { recursive: true });
  });
});
