import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { RunId } from '../../src/engine/model/ids.ts';
import type { RunEvent } from '../../src/engine/model/run/run-event.ts';
import { readRun } from '../../src/engine/runs/read-run.ts';
import { initialState } from '../../src/engine/scheduler/state/initial-state.ts';
import { createProject, type Project } from './command-line.ts';

const pipeline = `
version: 1
name: order
tasks:
  quick: { command: "true" }
  slow: { command: 'sleep "\${SLOW:-0}"' }
  slower: { command: 'sleep "\${SLOWER:-0}"' }
`;

const projects: Project[] = [];

function project(text: string): Project {
  const created = createProject(text);
  projects.push(created);
  return created;
}

afterEach(() => {
  for (const created of projects.splice(0)) created.remove();
});

/** So far apart that it is no matter how long a busy machine takes to start something. */
const farApart = { SLOW: '1.5', SLOWER: '3.5' };

/** Runs it with one slot, its tasks as long as `env` says; the events of the run. */
async function runOnce({ call }: Project, env: Partial<typeof farApart> = {}): Promise<readonly RunEvent[]> {
  const { code, out } = await call(['--reporter', 'json', '-j', '1'], env);
  expect(code).toBe(0);
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
}

function started(events: readonly RunEvent[]): readonly string[] {
  return events.flatMap((event) => (event.type === 'task.started' ? [event.task] : []));
}

describe('the order in which tasks start', () => {
  test('is that of the file at first, and the longest first once a run has shown what is long', async () => {
    const it = project(pipeline);
    expect(started(await runOnce(it, farApart))).toEqual(['quick', 'slow', 'slower']);
    const dry = JSON.parse((await it.call(['--dry-run', '--reporter', 'json'])).out);
    expect(dry.tasks.map(({ task, rank }: { task: string; rank: number }) => [task, rank])).toEqual([
      ['slower', 1],
      ['slow', 2],
      ['quick', 3],
    ]);
    const lines = (await it.call(['--dry-run'])).out;
    expect(lines).toMatch(/ slower\n.* slow\n.* quick\n/);
    expect(lines).toContain('from the durations of earlier runs');
    expect(started(await runOnce(it))).toEqual(['slower', 'slow', 'quick']);
  });

  test('of a stored run stays what it was when the records of earlier runs are gone', async () => {
    const it = project(pipeline);
    await runOnce(it, farApart);
    const [first] = await runOnce(it);
    const logs = join(it.directory, 'logs/etl');
    rmSync(join(logs, 'performance'), { recursive: true });
    const stored = readRun(logs, (first as unknown as { run: RunId }).run);
    if (!stored.ok) throw new Error(stored.error.message);
    expect(initialState(stored.value.plan, stored.value.options).queueOrder).toEqual([2, 1, 0]);
  });

  test('is not learned from another pipeline in the same log directory, nor from records that cannot be read', async () => {
    const it = project(pipeline);
    const records = join(it.directory, 'logs/etl/performance');
    mkdirSync(records, { recursive: true });
    const other = {
      run_id: 'x',
      pipeline: 'other',
      results: [{ task: 'slow', status: 'success', attempt_seconds: 9 }],
    };
    writeFileSync(join(records, 'execution_20260101_000000_aaaa.json'), JSON.stringify(other));
    writeFileSync(join(records, 'execution_20260101_000001_aaaa.json'), 'half a rec');
    const [first, ...events] = await runOnce(it);
    expect(started(events)).toEqual(['quick', 'slow', 'slower']);
    expect(first).not.toHaveProperty('queueOrder');
    expect(readdirSync(records)).toHaveLength(3);
  });
});
