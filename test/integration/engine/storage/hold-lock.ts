import { createInterface } from 'node:readline';
import type { RunId } from '../../../../src/engine/model/ids.ts';
import { acquireLockFile } from '../../../../src/engine/storage/runs/lock-file.ts';

// `hold-lock <path>`: for every line on its input it tries to take the lock, and says what came of it. It never lets go.
process.stdout.write('ready\n');
for await (const _ of createInterface({ input: process.stdin })) {
  const taken = acquireLockFile(process.argv[2] ?? '', { run: `run-of-${process.pid}` as RunId, pipeline: 'nfl' });
  process.stdout.write(`${taken.ok ? 'won' : `${taken.error.code}: ${taken.error.message}`}\n`);
}
