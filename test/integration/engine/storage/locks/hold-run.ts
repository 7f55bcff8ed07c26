import type { RunId } from '../../../../../src/engine/model/ids.ts';
import { lockRun } from '../../../../../src/engine/storage/runs/run-lock.ts';

// `hold-run <project> <run> <directory of the run>`: takes the lock for a run, and signs in its directory until it is killed.
const [projectDir = '', run = '', directory = ''] = process.argv.slice(2);
const lock = lockRun({ pipeline: 'nfl', projectDir, env: {} }, run as RunId);
if (lock.ok) lock.value.startHeartbeat(directory);
process.stdout.write(lock.ok ? 'locked\n' : `${lock.error.message}\n`);
setInterval(() => {}, 60_000);
