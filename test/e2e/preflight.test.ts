import { afterEach, expect, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { createProject, type Project } from './command-line.ts';

const projects: Project[] = [];

function project(text: string): Project {
  const created = createProject(text);
  projects.push(created);
  return created;
}

afterEach(() => {
  for (const created of projects.splice(0)) created.remove();
});

test('a run says in one line each what it will lack, and starts all the same', async () => {
  const { call } = project(`
version: 1
name: short
limits: { disk_free: 900TB }
tasks:
  load: { command: [no-such-loader], fallback: { command: "true", note: as yesterday } }
  other: { command: "true" }
`);
  const { code, err, out } = await call(['run']);
  expect(code).toBe(0);
  expect(err.split('\n').filter((line) => line !== '')).toEqual([
    'warning[run/command-not-found]: command not found: no-such-loader; every attempt of load will fail',
    expect.stringMatching(
      /^warning\[run\/little-left\]: .* free on the disk of the project, less than 900 TB; until this changes, one task at once$/,
    ),
  ]);
  expect(out).toContain('other');
});

test('a run without pre-flight does not look, and says which phases it leaves out', async () => {
  const { call } = project(
    'version: 1\nname: short\nlimits: { disk_free: 900TB }\ntasks: { load: { command: "true" } }\n',
  );
  const { code, err, out } = await call(['--no-preflight', '--no-analysis', '--no-notify']);
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/started .*, without pre-flight, analysis, notifications\n/);
});

test('a run that lacks nothing says nothing, and one whose database does not respond starts nothing', async () => {
  const text =
    'version: 1\nname: fine\nlimits: { disk_free: 1MB, memory: 1 }\ntasks: { a: { command: [sh, -c, "true"] } }\n';
  expect(await project(text).call(['run'])).toMatchObject({ code: 0, err: '' });
  const needy = text.replace('] }', '], connections: 2 }');
  const { call, directory } = project(needy);
  const ended = await call(['run'], { DATABASE_URL: 'postgres://u@127.0.0.1:1/d' });
  expect(ended.out).toBe('');
  await expectCleanAftermath({ directory, ended, exitCodes: [3] });
});

test('a need above the connections that can be given is told, and the task runs', async () => {
  const database = await createTestDatabase();
  try {
    const { call } = project(`
version: 1
name: needy
limits: { disk_free: 1MB, memory: 1, db_connections: 0.5 }
tasks: { load: { command: "true", connections: 5000 } }
`);
    const { code, err } = await call(['run'], { DATABASE_URL: database.url });
    expect(code).toBe(0);
    expect(err).toMatch(
      /^warning\[run\/needs-too-much\]: load needs 5000 connections, and \d+ are available; it runs while no other task uses one\n$/,
    );
  } finally {
    await database.close();
  }
});
