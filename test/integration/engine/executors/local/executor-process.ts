import { createInterface } from 'node:readline';
import { openLocalExecutor } from '../../../../../src/engine/executors/local/local-executor.ts';
import type { RunId, TaskId } from '../../../../../src/engine/model/ids.ts';
import type { ExecutorOrder, ExitReport } from './start-executor-process.ts';

// A process that runs the scripts of its order, says when they run, and waits to be killed; its argument is the order as
// JSON. A line on its standard input has all of them terminated. It prints one line when all are running, and one for each
// that has ended. Should the test die first, its tasks are not to stay: then its input ends.
const order = JSON.parse(process.argv[2] ?? '') as ExecutorOrder;
const opened = openLocalExecutor({
  env: process.env,
  secrets: [],
  directory: order.directory,
  slots: order.slots ?? 1,
});
if (!opened.ok) throw new Error(opened.error.message);
const executor = opened.value;
const spawned: Promise<number>[] = [];
let terminatedAt: number | undefined;

const attempts = order.scripts.map((script, index) => {
  const pid = promised<number>();
  spawned.push(pid.promise);
  const startedAt = performance.now();
  return executor.start(
    {
      ref: { run: order.run as RunId, task: `task-${index}` as TaskId, attempt: 1 },
      command: { kind: 'shell', script },
      cwd: '/',
      env: {},
      killGraceMs: order.graceMs,
      ...(order.isolation === undefined ? {} : { isolation: order.isolation }),
    },
    executor.hosts()[0]!.id,
    {
      spawned: (process) => pid.resolve(process.pid),
      output: () => undefined,
      reported: () => undefined,
      exited: (exit) => say({ task: index, exit, ms: performance.now() - (terminatedAt ?? startedAt) }),
    },
  );
});
createInterface({ input: process.stdin })
  .on('line', () => {
    terminatedAt = performance.now();
    for (const attempt of attempts) attempt.terminate(order.graceMs);
  })
  .on('close', () => process.exit());
const leaders = await Promise.all(spawned);
say({ pid: process.pid, leaders });

function say(line: ExitReport | { readonly pid: number; readonly leaders: readonly number[] }): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function promised<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((one) => {
    resolve = one;
  });
  return { promise, resolve };
}
