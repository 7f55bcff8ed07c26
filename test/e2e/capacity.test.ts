import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { createProject, type Project } from './command-line.ts';

const projects: Project[] = [];

function projectWith(limits: string): Project {
  const text = `version: 1\nname: room\nlimits: ${limits}\ntasks: { a: { command: "touch begun" } }\n`;
  const created = createProject(text);
  projects.push(created);
  return created;
}

afterEach(() => {
  for (const created of projects.splice(0)) created.remove();
});

describe('etl-tui capacity', () => {
  test('shows what there is beside the limits, and starts and writes nothing', async () => {
    const { call, directory } = projectWith('{ cpu: 0.7, disk_free: 1MB }');
    const { code, out, err } = await call(['capacity', '--ascii']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^CPU +\d+ % of \d+ cores? +70 % /m);
    expect(out).toMatch(/^memory +\d+ % of [\d.]+ GB +85 % /m);
    expect(out).toMatch(/^disk, project +[\d.]+ [MGT]B free +1 MB free +\+ free$/m);
    expect(out).toMatch(/^\d+ tasks? could start now, of \d+ that may run at once$/m);
    expect(out).not.toContain('connections');
    expect(readdirSync(directory)).toEqual(['pipeline.yaml']);
  });

  test('--check ends with 3 when a disk has too little room, and without it the same is only shown', async () => {
    const { call, directory } = projectWith('{ disk_free: 900TB }');
    const checked = await call(['capacity', '--check']);
    expect(checked.code).toBe(3);
    expect(checked.out).toMatch(/no task could start now: .*free on the disk of the project, less than 900 TB/);
    expect((await call(['capacity'])).code).toBe(0);
    expect(existsSync(join(directory, 'begun'))).toBe(false);
  });

  test('above the memory limit two tasks could start, as in a run', async () => {
    const { call } = projectWith('{ cpu: 1, memory: 0.01, disk_free: 1MB }');
    const { code, out } = await call(['capacity', '--check', '--json']);
    const report = JSON.parse(out);
    const memory = report.resources.find(({ resource }: { resource: string }) => resource === 'memory');
    // Unless the machine that tests run on is itself nearly out of memory.
    if (memory.used <= 0.95) {
      expect(memory).toMatchObject({ verdict: 'fewer', reason: expect.stringMatching(/^memory \d+ % > 1 %$/) });
      expect(code).toBe(0);
      expect(report.tasks_could_start).toBeLessThanOrEqual(2);
    }
  });

  test('without a pipeline file the usual limits hold', async () => {
    const created = createProject('', 'notes.txt');
    projects.push(created);
    const { code, out } = await created.call(['capacity', '--json', '--log-dir', 'not-yet-there']);
    expect(code).toBe(0);
    expect(JSON.parse(out).resources).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ resource: 'cpu', limit: 0.8 }),
        expect.objectContaining({ resource: 'disk', of: 'logs', floor_bytes: 2 ** 30 }),
      ]),
    );
  });

  test('a database that the environment names and that does not respond is room for no task', async () => {
    const { call } = projectWith('{ disk_free: 1MB }');
    const { code, out } = await call(['capacity', '--check'], { DATABASE_URL: 'postgres://u@127.0.0.1:1/d' });
    expect(code).toBe(3);
    expect(out).toMatch(/^connections .*no task starts/m);
  });

  test('--wait ends with 3 after the timeout', async () => {
    const { call } = projectWith('{ disk_free: 900TB }');
    const { code, out } = await call(['capacity', '--wait', '--timeout', '500ms']);
    expect(code).toBe(3);
    expect(out).toMatch(/no task could start now: .*less than 900 TB/);
  });

  test('--wait says why it waits, and Ctrl-C ends that with 130', async () => {
    const { start } = projectWith('{ disk_free: 900TB }');
    const { child, ended } = start(['capacity', '--wait']);
    child.stderr!.once('data', () => child.kill('SIGINT'));
    const { code, err } = await ended;
    expect(code).toBe(130);
    expect(err).toMatch(/^waiting for [\d.]+s: .*less than 900 TB$/m);
  });

  test('--wait ends with 0 at once when there is room, and a timeout that is none is a mistake of the call', async () => {
    const { call } = projectWith('{ memory: 1, disk_free: 1MB }');
    expect(await call(['capacity', '--wait'])).toMatchObject({ code: 0, err: '' });
    const wrong = await call(['capacity', '--wait', '--timeout', 'soon']);
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('--timeout cannot be "soon"')]);
  });
});

describe('with a database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.close());

  test('the connections of others are shown beside what tasks may use', async () => {
    const { call } = projectWith('{ db_connections: 0.9, memory: 1, disk_free: 1MB }');
    const { out } = await call(['capacity', '--json'], { DATABASE_URL: database.url });
    const [row] = JSON.parse(out).resources.filter(({ resource }: { resource: string }) => resource === 'connections');
    expect(row).toMatchObject({ verdict: 'free', reason: null, allowed: Math.floor(row.limit * 0.9) });
    expect(row.used).toBeLessThan(row.limit);
    expect((await call(['capacity'], { DATABASE_URL: database.url })).out).toMatch(
      /^connections +\d+ of \d+ +\d+ +✓ free$/m,
    );
  });

  test('no task could start when others hold all that tasks may use', async () => {
    const { call } = projectWith('{ db_connections: 0.001, memory: 1, disk_free: 1MB }');
    const { code, out } = await call(['capacity', '--check'], { DATABASE_URL: database.url });
    expect(code).toBe(3);
    expect(out).toMatch(/no task could start now: others hold \d+ connections, and 0 of \d+ may be used/);
  });
});
