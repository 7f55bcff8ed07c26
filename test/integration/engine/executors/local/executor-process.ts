import { openLocalExecutor } from '../../../../../src/engine/executors/local/local-executor.ts';
import type { RunId, TaskId } from '../../../../../src/engine/model/ids.ts';

// A process that runs the scripts it is given, one after the other, says when they run, and waits to be killed:
// `executor-process <directory> <run> <grace in ms> <script>…`.
// Should the test die first, its tasks are not to stay.
process.stdin.on('end', () => process.exit()).resume();
const [directory = '', run = '', grace, ...scripts] = process.argv.slice(2);
const opened = openLocalExecutor({ env: process.env, secrets: [], directory, slots: 1 });
if (!opened.ok) throw new Error(opened.error.message);
const executor = opened.value;
const pids = await Promise.all(
  scripts.map(
    (script, index) =>
      new Promise<number>((resolve, reject) => {
        executor.start(
          {
            ref: { run: run as RunId, task: `task-${index}` as TaskId, attempt: 1 },
            command: { kind: 'shell', script },
            cwd: '/',
            env: {},
            killGraceMs: Number(grace),
          },
          executor.hosts()[0]!.id,
          {
            spawned: ({ pid }) => resolve(pid),
            output: () => undefined,
            reported: () => undefined,
            exited: (exit) => reject(new Error(JSON.stringify(exit))),
          },
        );
      }),
  ),
);
process.stdout.write(`${JSON.stringify(pids)}\n`);
