import { openLocalExecutor } from '../../../../../src/engine/executors/local/local-executor.ts';
import type { TaskId } from '../../../../../src/engine/model/ids.ts';
import { memoryLog } from './memory-log.ts';

// A process that runs the scripts it is given, one after the other, says when they run, and waits to be killed:
// `own-executor <directory> <grace in ms> <script>…`.
// Should the test die first, its tasks are not to stay.
process.stdin.on('end', () => process.exit()).resume();
const [directory = '', grace, ...scripts] = process.argv.slice(2);
const opened = await openLocalExecutor({ env: process.env, secrets: [], log: memoryLog(), directory });
if (!opened.ok) throw new Error(opened.error.message);
const pids = await Promise.all(
  scripts.map(
    (script, index) =>
      new Promise<number>((resolve, reject) => {
        opened.value.start(
          {
            task: `task-${index}` as TaskId,
            attempt: 1,
            command: { kind: 'shell', script },
            cwd: '/',
            env: {},
            killGraceMs: Number(grace),
          },
          { spawned: resolve, reported: () => undefined, exited: (exit) => reject(new Error(JSON.stringify(exit))) },
        );
      }),
  ),
);
process.stdout.write(`${JSON.stringify(pids)}\n`);
