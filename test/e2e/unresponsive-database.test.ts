import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { findRunning, stopPostmaster } from '../../src/engine/database/embedded/server/postmaster.ts';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createProject } from './command-line.ts';

/** A task that stops every process of the project's own server, as a debugger or a full disk may. */
const freeze = 'p=$(head -n 1 .etl-tui/db/pg*/postmaster.pid); kill -STOP $p $(ps -o pid= --ppid $p); touch is-frozen';

const pipeline = `
version: 1
name: frozen
tasks:
  fails: { command: "${freeze}; exit 1", connections: 1 }
  quick: { command: "true", connections: 1 }
  before: { command: "true", connections: 1 }
  between: { command: "${freeze}", dependencies: [before] }
  after: { command: "node -e \\"require(process.env.PG_MODULE).Client && new (require(process.env.PG_MODULE).Client)(process.env.DATABASE_URL).connect()\\"", dependencies: [between], connections: 1, timeout: 5s }
  hangs: { command: "${freeze}; sleep 600", connections: 1 }
checks:
  - { name: slow, sql: "SELECT pg_sleep(600)", timeout: 15m }
`;

describe('a run whose embedded PostgreSQL does not respond', () => {
  const project = createProject(pipeline);
  const cluster = () => {
    const root = join(project.directory, '.etl-tui/db');
    return join(root, readdirSync(root).find((name) => /^pg\d+$/.test(name)) ?? '');
  };

  afterEach(async () => {
    const { pid } = (await findRunning(cluster())) ?? {};
    if (pid === undefined) return;
    for (const one of [pid, ...childrenOf(pid)]) process.kill(one, 'SIGCONT');
    await stopPostmaster(cluster());
  });

  afterAll(() => project.remove());

  test('ends when its tasks have ended', async () => {
    const ended = await project.call(['--ci', '--no-checks', '--only', 'fails']);
    const { out, err } = ended;
    expect(out).toMatch(/✗ fails +failed/);
    // The server, which is frozen, is left and named.
    await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [1], isServerKept: true });
    const { pid } = (await findRunning(cluster()))!;
    expect(err).toContain(`warning[database/left-running]: The embedded PostgreSQL (process ${pid})`);
    const children = childrenOf(pid);
    expect((await project.call(['db', 'stop'])).code).toBe(0);
    await expect.poll(() => children.filter((child) => existsSync(`/proc/${child}`))).toEqual([]);
    await expectCleanAftermath({ directory: project.directory, ended });
  });

  test('that was stopped between two tasks fails the second in its time, and says how the server goes on', async () => {
    const module = createRequire(import.meta.url).resolve('pg');
    const ended = await project.call(['--ci', '--no-checks', '--only', 'before,between,after'], { PG_MODULE: module });
    expect(ended.out).toMatch(/✓ between +succeeded/);
    expect(ended.out).toMatch(/✗ after +timed out/);
    const { pid } = (await findRunning(cluster()))!;
    expect(ended.err).toContain(
      `warning[database/left-running]: The embedded PostgreSQL (process ${pid}) is stopped by`,
    );
    expect(ended.err).toContain(`kill -CONT ${pid}`);
    await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [1], isServerKept: true });
  });

  test('ends on a signal while it waits for a check', async () => {
    const run = project.start(['--only', 'quick', '--reporter', 'json']);
    await run.says('"check.started"');
    run.child.kill('SIGTERM');
    const ended = await run.ended;
    expect(ended.err).not.toContain('error[');
    await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [143] });
  });

  test('ends on a signal while tasks run', async () => {
    rmSync(join(project.directory, 'is-frozen'), { force: true });
    const run = project.start(['--ci', '--no-checks', '--only', 'hangs']);
    await expect.poll(() => existsSync(join(project.directory, 'is-frozen'))).toBe(true);
    run.child.kill('SIGTERM');
    const { directory } = project;
    await expectCleanAftermath({ directory, ended: run.ended, exitCodes: [143], isServerKept: true });
  });
});

function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        return (
          pid > 0 &&
          readFileSync(`/proc/${pid}/stat`, 'utf8')
            .replace(/^.*\) \S /s, '')
            .startsWith(`${parent} `)
        );
      } catch {
        return false;
      }
    });
}
