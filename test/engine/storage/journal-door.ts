export { openJournal } from '../../../src/engine/storage/journal.ts';
