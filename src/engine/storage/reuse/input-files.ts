import pLimit from 'p-limit';
import type { InputFile } from '../../model/run/reuse.ts';
import { withFileSystemDeadline } from '../../platform/file-system-deadline.ts';
import { marksOf, restOfTick } from '../fs/file-marks.ts';
import { type FoundFile, filesAt } from '../fs/files-at.ts';
import { isPattern } from '../fs/find-matches.ts';
import { nameOfPlace, type PathRoots, placesOf } from '../fs/pipeline-paths.ts';
import { hashFile } from './hash-file.ts';

/** The files that paths and patterns stood for at one moment, named as the pipeline would name them. */
export type FoundInputs = {
  readonly files: ReadonlyMap<string, FoundFile & { readonly isSettled: boolean }>;
  /** Paths, not patterns, at which there was nothing. */
  readonly missing: readonly string[];
};

export type Hashing = {
  /** Hashes of earlier: a file with the same marks is not read again. */
  readonly known?: Readonly<Record<string, InputFile>>;
  readonly signal: AbortSignal;
  /** Called with what was read so far and what is to be read in all, in bytes. */
  readonly onProgress?: (read: number, all: number) => void;
};

export type InputFiles = {
  /** Rejects when the file system does not answer. */
  find(paths: readonly string[]): Promise<FoundInputs>;
  /** The path of the first file that cannot be read is in `unreadable`, and nothing is in `files` then. */
  hash(
    found: FoundInputs,
    hashing: Hashing,
  ): Promise<{ readonly files: Readonly<Record<string, InputFile>>; readonly unreadable?: string }>;
};

/** Reading is bounded, because the journal is written by the same threads. */
const filesAtOnce = 2;
const findWithinMs = 60_000;

/** Looks at the files that tasks read; each content is hashed once, as long as its marks stay the same. */
export function openInputFiles(roots: PathRoots): InputFiles {
  const limit = pLimit(filesAtOnce);
  const byMarks = new Map<string, Promise<string>>();

  const contentOf = (file: FoundFile, isSettled: boolean, signal: AbortSignal, onRead: (bytes: number) => void) => {
    const read = () => limit(() => hashFile(file.path, Number(file.stats.size), signal, onRead));
    // Another change may leave the marks as they are, so that they say nothing.
    if (!isSettled) return read();
    const marks = marksOf(file.stats);
    const earlier = byMarks.get(marks);
    // Whoever asked for it first may have given up.
    if (earlier !== undefined) return earlier.catch(read);
    const content = read();
    byMarks.set(marks, content);
    content.catch(() => byMarks.delete(marks));
    return content;
  };

  return {
    find: (paths) => withFileSystemDeadline(findInputs(roots, paths), findWithinMs),
    hash: async ({ files }, { known = {}, signal, onProgress }) => {
      const toRead = [...files].filter(([path, { stats, isSettled }]) => !isKnown(known[path], stats, isSettled));
      const all = toRead.reduce((sum, [, { stats }]) => sum + Number(stats.size), 0);
      let read = 0;
      const onRead = (bytes: number) => {
        read += bytes;
        onProgress?.(read, all);
      };
      const hashes = new Map<string, InputFile>();
      let unreadable: string | undefined;
      const work = toRead.map(async ([path, file]) => {
        try {
          if (!file.stats.isFile()) throw new Error('it is no file');
          const hash = await contentOf(file, file.isSettled, signal, onRead);
          hashes.set(path, { hash, ...(file.isSettled ? { stats: marksOf(file.stats) } : {}) });
        } catch {
          unreadable ??= path;
        }
      });
      await Promise.all(work);
      if (unreadable !== undefined) return { files: {}, unreadable };
      return { files: Object.fromEntries([...files.keys()].map((path) => [path, hashes.get(path) ?? known[path]!])) };
    },
  };
}

/** The first path whose file is not the one that was found before. */
export function firstChanged(before: FoundInputs, now: FoundInputs): string | undefined {
  const paths = new Set([...before.files.keys(), ...now.files.keys()]);
  return [...paths].find((path) => {
    const [was, is] = [before.files.get(path), now.files.get(path)];
    return was === undefined || is === undefined || marksOf(was.stats) !== marksOf(is.stats);
  });
}

function isKnown(known: InputFile | undefined, stats: FoundFile['stats'], isSettled: boolean): boolean {
  return isSettled && known?.stats === marksOf(stats);
}

async function findInputs(roots: PathRoots, paths: readonly string[]): Promise<FoundInputs> {
  const files = new Map<string, FoundFile & { readonly isSettled: boolean }>();
  const missing: string[] = [];
  for (const path of paths) {
    const matches = await placesOf(path, roots);
    const now = Date.now();
    const found = (await Promise.all(matches.map(filesAt))).flat();
    if (found.length === 0 && !isPattern(path)) missing.push(path);
    for (const file of found) {
      const isSettled = Number(file.stats.ctimeMs) <= now && restOfTick(file.stats, now) === 0;
      files.set(nameOfPlace(file.path, roots), { ...file, isSettled });
    }
  }
  return { files, missing };
}
