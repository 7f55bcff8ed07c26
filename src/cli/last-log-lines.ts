import { displayLines, openLog } from '../engine/index.ts';

/** The last lines of a log, safe on a terminal; none when it is gone or cannot be read. */
export async function lastLogLines(path: string, most: number): Promise<readonly string[]> {
  const log = openLog(path);
  try {
    return displayLines((await log.last(most)).map(({ text }) => text).join('\n'));
  } catch {
    return [];
  } finally {
    await log.close();
  }
}
