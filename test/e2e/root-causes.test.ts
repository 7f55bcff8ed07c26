import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { createProject, type Ended, type Project } from './command-line.ts';

describe('the root cause of a task that was not run', () => {
  const project = createProject(`
version: 1
name: chain
tasks:
  fails: { command: "exit 3" }
  mid: { command: "true", dependencies: [fails] }
  end: { command: "true", dependencies: [mid] }
`);
  let ended: Ended;
  const read = (pattern: RegExp): string => {
    const names = readdirSync(join(project.directory, 'logs/etl'), { recursive: true, encoding: 'utf8' });
    return readFileSync(join(project.directory, 'logs/etl', names.find((name) => pattern.test(name))!), 'utf8');
  };

  beforeAll(async () => {
    ended = await project.call(['--junit', 'junit.xml']);
  });
  afterAll(() => project.remove());

  test('is in the log, on its line and in the summary', () => {
    expect(ended.out).toMatch(/⊘ 2 tasks +not run +"fails" failed: mid, end\n/);
    expect(ended.out).toContain('Not run\n  ⊘ mid, end: "fails" failed\n');
  });

  test('is in show, the result, the performance record and JUnit', async () => {
    expect((await project.call(['show', 'latest'])).out).toMatch(/⊘ end +not run +"fails" failed\n/);
    const end = { task: 'end', error: 'not run: "fails" failed', root_causes: [{ task: 'fails', status: 'failed' }] };
    expect(JSON.parse(read(/^parallel_run_/)).results[2]).toMatchObject(end);
    expect(JSON.parse(read(/^performance\/execution_/)).results[2]).toMatchObject(end);
    expect(readFileSync(join(project.directory, 'junit.xml'), 'utf8')).toMatch(
      /name="end" .*<skipped message="not run: &quot;fails&quot; failed"\/>/,
    );
  });

  test('is annotated at its place in the repository, whatever directory the run was started from', async () => {
    const { out } = await project.call(['--reporter', 'github'], { GITHUB_WORKSPACE: dirname(project.directory) });
    const file = `${basename(project.directory)}/pipeline.yaml`;
    expect(out).toContain(`::error title=fails%3A failed,file=${file},line=5::exit code 3\n`);
  });

  test('is annotated in the pipeline file when that is mistaken, so that nothing runs', async () => {
    const mistaken = createProject('name: orders\ntasks:\n  load: { command: "true", dependencies: [lode] }\n');
    const { out, code } = await mistaken.call(['--reporter', 'github'], { GITHUB_WORKSPACE: mistaken.directory });
    mistaken.remove();
    expect(out).toContain('::error title=plan/unknown-task,file=pipeline.yaml,line=3,col=');

    expect(code).toBe(2);
  });

  test('is in the JSON events', async () => {
    const { out } = await project.call(['--reporter', 'json']);
    const events = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.find(({ type, task }) => type === 'task.finished' && task === 'end')).toMatchObject({
      outcome: { kind: 'upstream-failed' },
      rootCauses: [{ kind: 'task', task: 'fails', how: 'failed' }],
    });
  });
});

describe('a gate whose check fails', () => {
  let database: TestDatabase;
  let project: Project;

  beforeAll(async () => {
    database = await createTestDatabase();
    project = createProject(`
version: 1
name: gated
tasks:
  load: { command: "true" }
  mart: { command: "true", dependencies: [load] }
  end: { command: "true", dependencies: [mart] }
checks:
  - { name: sane, sql: SELECT 1, expect: 0, after: [load], gate: true }
  - { name: late, sql: SELECT 0, after: [end] }
`);
  });
  afterAll(async () => {
    project.remove();
    await database.close();
  });

  test('ends the run with exit code 4, because the data is wrong and no task failed', async () => {
    const { code, out } = await project.call([], { DATABASE_URL: database.url });
    expect(out).toMatch(/⊘ 2 tasks +not run +check sane failed: mart, end\n/);
    expect(out).toMatch(/≠ gated ran in .*, but its data is wrong\n/);
    expect(code).toBe(4);
    const shown = (await project.call(['show', 'latest'])).out;
    expect(shown).toMatch(/⊘ late +not run +check sane failed\n/);
  });
});
