import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createUiProject, type UiProject } from './ui-project.ts';

let project: UiProject;

afterEach(() => project.close());

const pipeline = `
version: 1
name: measured
tasks:
  busy:
    timeout: 2m
    # Busy, without a program beside the shell, until four samples have seen it.
    command: |
      while :; do
        for file in logs/etl/runs/*/samples.jsonl; do
          [ -e "$file" ] || continue
          mapfile -t lines <"$file"
          seen=0
          for line in "\${lines[@]}"; do [[ $line == *'"busy"'* ]] && seen=$((seen + 1)); done
          ((seen < 4)) || exit 0
        done
      done
`;

test('a run of a few seconds leaves samples of the machine and its tasks, from which a replay draws charts', async () => {
  project = createUiProject(pipeline);
  expect((await project.call(['run', '--ci'])).code).toBe(0);
  const logs = join(project.directory, 'logs', 'etl');
  const [run = ''] = readdirSync(join(logs, 'runs'));
  const samples = readFileSync(join(logs, 'runs', run, 'samples.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(samples.length).toBeGreaterThanOrEqual(2);
  const last = samples.findLast(({ tasks }) => tasks.busy !== undefined);
  expect(last).toMatchObject({ cpu: expect.any(Number), disks: [{ role: 'project' }], oomKills: expect.any(Number) });
  expect(last.memory).toBeGreaterThan(0);
  expect(last.tasks.busy).toMatchObject({ processes: 1, memoryBytes: expect.any(Number) });
  expect(last.tasks.busy.cpuSeconds).toBeGreaterThan(0);
  expect(last.ours.taskCpuSeconds).toBeGreaterThanOrEqual(last.tasks.busy.cpuSeconds);
  expect(last.ours.taskSeconds).toBeGreaterThan(1);

  const record = JSON.parse(readFileSync(join(logs, 'performance', `execution_${run}.json`), 'utf8'));
  expect(record.results[0]).toMatchObject({ peak_processes: 1, mean_cpu_cores: expect.any(Number) });
  expect(record.results[0].mean_cpu_cores).toBeGreaterThan(0);

  const screen = project.open(['replay', 'latest', '--speed', '100']);
  await screen.waitFor('measured');
  screen.press('3');
  await screen.waitFor(/[\d.]+ of [\d.]+ GB/);
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
});
