import { createInterface } from 'node:readline';
import { openProcessRunner } from '../../../../../src/engine/executors/process/process-runner.ts';
import type { HostId, TaskId } from '../../../../../src/engine/model/ids.ts';
import type { LeaseOrder, LeaseReport } from './start-lease-process.ts';

// A process that runs the scripts of its order (its argument, as JSON) under a lease, which it renews each 100 ms until it
// reads `stop` on its standard input: for minutes until it reads `shorten`, and then for as long as the order says. It ends with
// its input.
const order = JSON.parse(process.argv[2] ?? '') as LeaseOrder;
const opened = openProcessRunner({
  host: 'here' as HostId,
  env: process.env,
  secrets: [],
  directory: order.directory,
  slots: order.scripts.length,
  lease: { graceMs: order.leaseGraceMs },
});
if (!opened.ok) throw new Error(opened.error.message);
const runner = opened.value;

let holdsMs = 600_000;
const renew = () => runner.renewLease(holdsMs);
renew();
const renewals = setInterval(renew, 100);

let spawned = 0;
const run = (script: string, task: string) =>
  runner.run(
    {
      ref: { run: order.run, task: task as TaskId, attempt: 1 },
      command: { kind: 'shell', script },
      cwd: order.cwd,
      env: {},
      killGraceMs: order.graceMs,
    },
    {
      spawned: () => {
        spawned += 1;
        if (spawned === order.scripts.length) say({ kind: 'running' });
      },
      output: () => undefined,
      reported: () => undefined,
      exited: (exit) => say({ kind: 'exited', task, exit }),
    },
  );
for (const [index, script] of order.scripts.entries()) run(script, `task-${index}`);

createInterface({ input: process.stdin })
  .on('line', (line) => {
    if (line === 'stop') clearInterval(renewals);
    else if (line === 'renew') renew();
    else if (line === 'shorten') shorten();
    else run(line, 'later');
  })
  .on('close', () => process.exit());

function shorten(): void {
  holdsMs = order.holdsMs;
  renew();
  say({ kind: 'shortened' });
}

function say(report: LeaseReport): void {
  process.stdout.write(`${JSON.stringify(report)}\n`);
}
