import type { RunId, TaskId } from '../../../../src/engine/model/ids.ts';
import { openJournal } from '../../../../src/engine/storage/journal/journal.ts';
import { openOutputLog } from '../../../../src/engine/storage/logs/output-log.ts';
import { createRunDirectory } from '../../../../src/engine/storage/runs/run-directory.ts';

// `create-run-directory <log directory> <run> <umask>`: begins a run under this umask, and says what came of it.
const [, , logDir = '', run = '', umask = ''] = process.argv;
process.umask(Number(umask));
const created = createRunDirectory({ logDir, run: run as RunId, pipeline: { text: '', stored: '', planHash: '' } });
if (created.ok) {
  openJournal(created.value.journal);
  const log = openOutputLog(created.value.tasks, () => {}).open('games' as TaskId, 1);
  log.write('stdout', Buffer.from('loaded\n'));
  log.close();
}
process.stdout.write(created.ok ? 'created\n' : `${created.error.code}: ${created.error.message}\n`);
