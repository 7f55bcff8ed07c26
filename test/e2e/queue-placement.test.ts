import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { survivingProcesses } from '../support/aftermath/surviving-processes.ts';
import { createTestQueue, type TestQueue } from '../support/queue.ts';
import { startTestWorker, type TestWorker } from '../support/workers.ts';
import { createProject, type Project } from './command-line.ts';

const pipeline = `
version: 1
name: placed
tasks:
  first: { command: echo first, cpu: 0.05 }
  forecast: { command: echo forecast, cpu: 0.05, labels: [r], dependencies: [first] }
`;

let queue: TestQueue;
let project: Project;
const workers: TestWorker[] = [];
beforeEach(async () => {
  queue = await createTestQueue();
  project = createProject(pipeline);
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.close();
  await expect.poll(() => survivingProcesses(project.directory, [])).toEqual([]);
  project.remove();
  await queue.close();
});

describe('a task with labels', () => {
  it('waits and says for what while no worker has them, and runs on the first one that has', async () => {
    workers.push(await startTestWorker(queue, { name: 'plain', root: project.directory }));
    const run = project.start(['run', '--ci', '--executor', 'queue'], queue.env);
    await run.says('forecast (waits for a host labelled r)');
    const labelled = await startTestWorker(queue, { name: 'statistics', labels: ['r'], root: project.directory });
    workers.push(labelled);
    expect(await run.ended).toMatchObject({ code: 0 });
    const id = /run (\S+_\S+_\S{4})/.exec(run.out())![1]!;
    const journal = readFileSync(join(project.directory, 'logs/etl/runs', id, 'journal.jsonl'), 'utf8');
    const started = journal
      .split('\n')
      .filter((line) => line.includes('"task.started"'))
      .map((line) => JSON.parse(line) as { task: string; host: string });
    expect(started.map(({ task, host }) => [task, host.replace(/-.*/, '')])).toEqual([
      ['first', 'plain'],
      ['forecast', 'statistics'],
    ]);
    expect(started[1]!.host).toBe(labelled.id);
  });
});
