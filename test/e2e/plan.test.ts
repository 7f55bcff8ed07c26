import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createProject, type Project } from './command-line.ts';

const pipeline = `
version: 1
name: preview
pools: { api: 1 }
tasks:
  first: { command: "touch begun; sleep 0.2", connections: 0 }
  long: { command: "sleep 0.3", cpu: 0.01, dependencies: [first] }
  odds_a: { command: "sleep 0.8", cpu: 0.01, dependencies: [first], pools: [api] }
  odds_b: { command: "sleep 0.8", cpu: 0.01, dependencies: [first], pools: [api] }
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

describe('etl-tui plan', () => {
  test('without an earlier run says that durations are unknown, and starts and writes nothing', async () => {
    const { call, directory } = project(pipeline);
    const { code, out, err } = await call(['plan']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('preview: 4 tasks in 2 waves, as many at once as the machine allows; nothing is run\n');
    expect(out).toContain('durations are unknown');
    expect(out).toMatch(/-j 1 +unknown/);
    expect(out).toMatch(/^wave 2\n {2}(odds_a|long)/m);
    expect(existsSync(join(directory, 'begun'))).toBe(false);
    expect(readdirSync(directory)).toEqual(['pipeline.yaml']);
    const unknown = JSON.parse((await call(['plan', '--json'])).out);
    expect(unknown).toMatchObject({ runs: 0, total_duration_seconds: null, savings: [] });
  });

  test('after a run predicts the next one, and says what would make it shorter', async () => {
    const { call } = project(pipeline);
    expect((await call(['run'])).code).toBe(0);
    const { out } = await call(['plan']);
    expect(out).toContain('durations from one earlier run');
    expect(out).toMatch(
      /odds_[ab] waits [\d.]+s for the pool api; without that limit the run would end [\d.]+s earlier/,
    );
    expect(out).toMatch(/ready, but waits\n {2}odds_[ab] [\d.]+s: .*pool api/);
    const predicted = JSON.parse((await call(['plan', '--json'])).out);
    const [run] = JSON.parse((await call(['history', '--json'])).out);
    const factor = predicted.total_duration_seconds / run.total_duration_seconds;
    // Between its tasks a run may take any time on a loaded machine.
    expect(factor).toBeGreaterThan(0.2);
    expect(factor).toBeLessThanOrEqual(1.1);
    expect(predicted.predictions.map(({ max_parallel }: { max_parallel: number }) => max_parallel)).toEqual(
      expect.arrayContaining([1, 2, 4, 8]),
    );
    const [alone] = predicted.predictions;
    expect(alone.total_duration_seconds).toBeGreaterThan(predicted.total_duration_seconds);
  });

  test('takes the selection of a run, and refuses the mistakes that run refuses', async () => {
    const { call } = project(pipeline);
    const { code, out } = await call(['plan', '--until', 'long', '--ascii', '-j', '2']);
    expect(code).toBe(0);
    expect(out).toContain('2 tasks in 2 waves, up to 2 at once');
    expect(out).toContain('critical path  2 tasks: first -> long');
    expect(out).not.toMatch(/[^\x20-\x7e\n]/);
    const wrong = await call(['plan', '--only', 'lnog']);
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('did you mean "long"?')]);
    expect((await project('name: bad\ntasks: { a: {} }\n').call(['plan'])).code).toBe(2);
  });
});
