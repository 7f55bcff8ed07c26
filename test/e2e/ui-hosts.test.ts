import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestQueue, type TestQueue } from '../support/queue.ts';
import { startTestWorker } from '../support/workers.ts';
import { createUiProject, type UiProject } from './ui-project.ts';

let queue: TestQueue;
let project: UiProject;

beforeAll(async () => {
  queue = await createTestQueue();
  project = createUiProject(`
version: 1
name: far
tasks:
  one: { command: 'until test -e go; do sleep 0.1; done', cpu: 0.05 }
  two: { command: 'touch begun; until test -e go; do sleep 0.1; done', cpu: 0.05, labels: [r] }
`);
});
afterAll(async () => {
  await project.close();
  await queue.close();
});

test('the pane of hosts shows what runs where, leases and labels, and which host drains', async () => {
  const root = project.directory;
  const anna = await startTestWorker(queue, { name: 'anna', slots: 2, root });
  const bert = await startTestWorker(queue, { name: 'bert', slots: 3, labels: ['r', 'big'], root });
  try {
    const screen = project.open(['run', '--executor', 'queue'], { columns: 120, rows: 40, env: queue.env });
    await screen.waitFor('2 running');
    screen.press('W');
    await screen.waitFor(/Hosts .* slots .* cores .* lease .* labels/);
    await screen.waitFor(/bert +[12] of 3 .* \d+s left +big, r/);
    await screen.waitFor(/2 hosts, 2 of 5 slots in use/);
    // A worker that drains does not begin what it has not begun before.
    await expect.poll(() => project.has('begun')).toBe(true);
    bert.process.kill('SIGTERM');
    await screen.waitFor(/bert +[12] of 3 .* draining/);
    project.touch('go');
    await screen.waitFor('SUCCESS');
    await bert.exited;
    screen.press('d');
    await screen.waitFor(/attempts +1 .* on (?:anna|bert)/);
    screen.press('q');
    expect(await screen.waitForExit()).toBe(0);
  } finally {
    await Promise.all([anna.close(), bert.close()]);
  }
});

test('where tasks run on this machine, the key says so', async () => {
  const screen = project.open(['run', '--executor', 'local'], { columns: 120, rows: 40 });
  await screen.waitFor('SUCCESS');
  screen.press('W');
  await screen.waitFor('hosts: all tasks run on this machine');
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
});
