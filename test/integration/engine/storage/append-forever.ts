import { openJournal } from '../../../../src/engine/storage/journal/journal.ts';
import { eventNumber } from './events.ts';

// `append-forever <path>`: appends event after event, three at a time, and prints how many are on the disk.
const opened = openJournal(process.argv[2] ?? '');
if (!opened.ok) throw new Error(opened.error.message);
for (let count = 0; ; count += 3) {
  await opened.value.append([eventNumber(count), eventNumber(count + 1), eventNumber(count + 2)]);
  process.stdout.write(`${count + 3}\n`);
}
