import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createProject } from './command-line.ts';

/**
 * Each day is written in one step at the end of its task, as a transaction would. None begins when there are as many as
 * may be, so that the run cannot end before it is killed.
 */
const pipeline = `
version: 1
name: backfill
params: { day: { type: date, default: yesterday } }
tasks:
  load:
    matrix: { day: "\${param:day}" }
    command: |
      until [ "$(cat loaded.txt 2>/dev/null | wc -l)" -lt "$MOST" ]; do sleep 0.1; done
      sleep 0.2; echo "$ETL_MATRIX_DAY" >> loaded.txt
    kill_grace: 1s
`;

test('a backfill of 31 days that is killed twice and resumed loads each day once', async () => {
  const project = createProject(pipeline);
  onTestFinished(project.remove);
  const file = join(project.directory, 'loaded.txt');
  const days = () => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []);
  const killedAt = async (count: number, args: readonly string[]) => {
    const run = project.start(args, { MOST: String(count + 6) });
    await expect.poll(() => days().length, { interval: 20 }).toBeGreaterThanOrEqual(count);
    run.child.kill('SIGKILL');
    await expectCleanAftermath({ directory: project.directory, ended: run.ended, exitCodes: [null] });
  };
  await killedAt(5, ['run', '--ci', '-j', '4', '-p', 'day=2024-01-01..2024-01-31']);
  await killedAt(15, ['run', '--resume', '--ci', '-j', '4']);
  const ended = await project.call(['run', '--resume', '--ci', '-j', '4'], { MOST: '1000' });
  await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [0] });
  const all = Array.from({ length: 31 }, (_, at) => `2024-01-${String(at + 1).padStart(2, '0')}`);
  expect([...new Set(days())].sort()).toEqual(all);
  const { result } = JSON.parse((await project.call(['show', 'latest', '--json'])).out);
  const attemptsOf = new Map<string, number>(
    result.results.map(({ task, attempts }: { task: string; attempts: number }) => [task, attempts]),
  );
  expect([...attemptsOf.keys()].sort()).toEqual(all.map((day) => `load[day=${day}]`));
  // Only a task that was killed has run again, and at most those that ran at the time were.
  const again = all.filter((day) => attemptsOf.get(`load[day=${day}]`) !== 1);
  expect(again.length).toBeLessThanOrEqual(8);
  expect(all.filter((day) => !again.includes(day) && days().filter((one) => one === day).length !== 1)).toEqual([]);
});
