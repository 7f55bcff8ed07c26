export { openJournal } from '../../../../src/engine/storage/journal/journal.ts';
