import { openText } from '../../sources/download.ts';

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * The line on which a record of a CSV file, zipped or not, begins; records are counted from 1 below the header, and empty
 * lines are none. Cells may have line breaks in them, so that only reading the file can tell.
 */
export async function lineOfRecord(path: string, record: number): Promise<number> {
  let line = 1;
  let began = 0;
  let records = -1;
  let inQuotes = false;
  for await (const chunk of (await openText(path)) as AsyncIterable<Buffer>) {
    for (const byte of chunk) {
      if (byte === LINE_FEED) {
        line++;
        if (!inQuotes) began = 0;
        continue;
      }
      if (byte === CARRIAGE_RETURN) continue;
      if (began === 0) {
        began = line;
        records++;
        if (records === record) return began;
      }
      if (byte === QUOTE) inQuotes = !inQuotes;
    }
  }
  return began;
}
