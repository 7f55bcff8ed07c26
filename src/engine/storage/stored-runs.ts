import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunId } from '../model/ids.ts';

const recordName = /^execution_(\d{8}_\d{6}_[a-z0-9]{4})\.json$/;
const runName = /^\d{8}_\d{6}_[a-z0-9]{4}$/;

/** The runs of which a log directory knows, newest last: those with a directory, and those whose record is kept. */
export async function storedRuns(logDir: string): Promise<readonly RunId[]> {
  const records = (await namesIn(join(logDir, 'performance'))).flatMap((name) => recordName.exec(name)?.[1] ?? []);
  const directories = (await namesIn(join(logDir, 'runs'))).filter((name) => runName.test(name));
  return [...new Set([...records, ...directories])].sort() as RunId[];
}

/** The content of a file that we wrote as JSON; undefined when it is not there, or not readable as that. */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}

async function namesIn(directory: string): Promise<readonly string[]> {
  return readdir(directory).catch(() => []);
}
