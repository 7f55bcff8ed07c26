import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { createInterface } from 'node:readline';
import type { RunId } from '../../../../../src/engine/model/ids.ts';
import { lockByKernel } from '../../../../../src/engine/storage/locks/kernel-lock.ts';
import { acquireLockFile } from '../../../../../src/engine/storage/locks/lock-file.ts';

// `hold-lock <path> [by-record] [no-links]`: for every line on its input it tries to take the lock, and says what came of it. It
// never releases it. For the line `child` it starts a process that outlives it, and tells its number.
const [path = '', ...modes] = process.argv.slice(2);
const lock = modes.includes('by-record') ? () => 'unsupported' as const : lockByKernel;
if (modes.includes('no-links')) {
  fs.linkSync = () => {
    throw Object.assign(new Error('there are no hard links here'), { code: 'EPERM' });
  };
  syncBuiltinESMExports();
}
process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'child') {
    const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    process.stdout.write(`${child.pid}\n`);
    continue;
  }
  const taken = acquireLockFile(path, { run: `run-of-${process.pid}` as RunId, pipeline: 'nfl' }, undefined, lock);
  process.stdout.write(`${taken.ok ? 'won' : `${taken.error.code}: ${taken.error.message}`}\n`);
}
