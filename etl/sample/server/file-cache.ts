import { createWriteStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import { isAlive, partOf, removeLeftovers } from '../../part-file.ts';

export type FileCache = {
  /** The path of a file, which is made when it is not there; names that end in .gz are zipped. */
  obtain(name: string, make: () => Iterable<Uint8Array | string>): Promise<string>;
};

/**
 * A directory of files that can be generated again at any time. Any number of processes may share it: a file appears in one
 * rename, and while one process makes it the others wait:
 * 1. A process creates `<file>.lock` exclusively, with its process id in it.
 * 2. It writes to a part file and renames it to the file.
 * 3. It removes the lock. The others poll for the file.
 * A lock whose process no longer exists is removed with its part files, and the file is made again.
 */
export function openFileCache(directory: string): FileCache {
  const underWay = new Map<string, Promise<string>>();
  return {
    obtain: (name, make) => {
      const known = underWay.get(name);
      if (known !== undefined) return known;
      const obtaining = obtain(join(directory, name), make).finally(() => underWay.delete(name));
      underWay.set(name, obtaining);
      return obtaining;
    },
  };
}

async function obtain(path: string, make: () => Iterable<Uint8Array | string>): Promise<string> {
  if (await exists(path)) return path;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const lock = `${path}.lock`;
  for (;;) {
    if (await take(lock)) break;
    if (await exists(path)) return path;
    await removeAbandoned(lock, path);
    await sleep(40);
  }
  try {
    // The previous holder of the lock may have made it.
    if (!(await exists(path))) await write(path, make);
  } finally {
    await rm(lock, { force: true });
  }
  return path;
}

async function write(path: string, make: () => Iterable<Uint8Array | string>): Promise<void> {
  const temporary = partOf(path);
  const file = createWriteStream(temporary, { flush: true, mode: 0o600 });
  try {
    if (path.endsWith('.gz')) await pipeline(Readable.from(make()), createGzip({ level: 1 }), file);
    else await pipeline(Readable.from(make()), file);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function take(lock: string): Promise<boolean> {
  try {
    const file = await open(lock, 'wx', 0o600);
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes the lock of a process that no longer exists. A lock that was just created may still be empty. */
async function removeAbandoned(lock: string, path: string): Promise<void> {
  const text = await readFile(lock, 'utf8').catch(() => '');
  const pid = Number(text);
  const age = Date.now() - ((await stat(lock).catch(() => undefined))?.mtimeMs ?? Date.now());
  if (text === '' ? age < 5000 : isAlive(pid)) return;
  await rm(lock, { force: true });
  await removeLeftovers(path);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
