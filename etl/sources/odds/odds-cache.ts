import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { partOf, removeLeftovers } from '../../part-file.ts';

/** Paid answers as files, so that they need not be paid for again after a kill or with an empty database. */
export type OddsCache = {
  /** The stored answer to `address` as it came; undefined when there is none, or when the file is damaged. */
  read(address: string): Promise<string | undefined>;
  write(address: string, text: string): Promise<void>;
  /** The path of an answer's file, for messages. */
  pathOf(address: string): string;
};

/** A cache below `directory`. Addresses carry no key and stay the same from run to run. */
export function openOddsCache(directory: string): OddsCache {
  const pathOf = (address: string) =>
    join(directory, `${createHash('sha256').update(address).digest('hex').slice(0, 24)}.json.gz`);
  return {
    pathOf,
    read: async (address) => {
      try {
        return gunzipSync(await readFile(pathOf(address))).toString('utf8');
      } catch {
        // Absent, or damaged by a full disk: in both cases it is requested again.
        return undefined;
      }
    },
    write: async (address, text) => {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await removeLeftovers(pathOf(address));
      const temporary = partOf(pathOf(address));
      await writeFile(temporary, gzipSync(text), { mode: 0o600, flush: true });
      await rename(temporary, pathOf(address));
    },
  };
}
