import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathInRunDir } from '../model/pipeline/run-dir-path.ts';
import { withDeadline } from '../platform/with-deadline.ts';
import { nameOfPlace, type PathRoots, placesOf } from '../storage/fs/pipeline-paths.ts';
import type { FileDifference } from './verify-report.ts';

/** Files by their paths, as a pipeline would name them, with hash and size. */
export type OutputSnapshot = ReadonlyMap<string, OutputContent>;
export type OutputContent = { readonly hash: string; readonly lines?: readonly string[] };

/** The files that tasks declare as outputs: set aside before the work, and put back after it. */
export type DeclaredOutputs = {
  /** What is there now of the declared paths. */
  snapshot(paths: readonly string[]): Promise<OutputSnapshot>;
  /** Puts the files of before the work back, and removes those that were not there; the paths that this failed for. */
  putBack(): Promise<readonly string[]>;
};

/** A file system that does not answer for so long is not waited for. */
const answerWithinMs = 10 * 60_000;
/** Of larger files only the hash is compared. */
const mostWithLines = 4 * 1024 * 1024;

/**
 * Copies the outputs in the project that `declared` stands for into `aside`, a private directory that is there. Those in the
 * directory of the runs are gone with it.
 */
export async function setOutputsAside(
  roots: PathRoots,
  declared: readonly string[],
  aside: string,
): Promise<DeclaredOutputs> {
  const { projectDir } = roots;
  const inProject = declared.filter((path) => pathInRunDir(path) === undefined);
  const within = <Value>(work: Promise<Value>) =>
    withDeadline(work, answerWithinMs, () => {
      throw new Error(`the file system of ${projectDir} does not answer`);
    });
  const before = await within(filesOf(roots, inProject));
  for (const [path, place] of before) {
    await mkdir(dirname(join(aside, path)), { recursive: true, mode: 0o700 });
    await within(copyFile(place, join(aside, path)));
  }
  return {
    snapshot: (paths) =>
      within(
        (async () => {
          const found = new Map<string, OutputContent>();
          for (const [path, place] of await filesOf(roots, paths)) found.set(path, await contentOf(place));
          return found;
        })(),
      ),
    putBack: async () => {
      const left: string[] = [];
      const now = await within(filesOf(roots, inProject)).catch(() => new Map<string, string>());
      for (const [path, target] of new Map([...before, ...now])) {
        const work = before.has(path) ? copyFile(join(aside, path), target) : rm(target, { force: true });
        await within(work).catch(() => left.push(path));
      }
      return left;
    },
  };
}

/** The files in which two states of the outputs differ. */
export function compareOutputs(expected: OutputSnapshot, found: OutputSnapshot): readonly FileDifference[] {
  const differences: FileDifference[] = [];
  for (const [path, { hash, lines }] of expected) {
    const other = found.get(path);
    if (other === undefined) differences.push({ kind: 'file', path, how: 'missing' });
    else if (other.hash !== hash) {
      const line = lines?.findIndex((text, at) => text !== other.lines?.[at]) ?? -1;
      const isKnown = lines !== undefined && other.lines !== undefined;
      const first = line < 0 ? (lines?.length ?? 0) : line;
      differences.push({ kind: 'file', path, how: 'other', ...(isKnown ? { line: first + 1 } : {}) });
    }
  }
  for (const path of found.keys()) if (!expected.has(path)) differences.push({ kind: 'file', path, how: 'added' });
  return differences;
}

/** Absolute paths by the names that a pipeline would give them. */
async function filesOf(roots: PathRoots, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const path of paths) {
    for (const place of await placesOf(path, roots)) {
      for (const file of await filesAt(place)) found.set(nameOfPlace(file, roots), file);
    }
  }
  return found;
}

async function filesAt(path: string): Promise<readonly string[]> {
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isFile()) return [path];
  if (!stats?.isDirectory()) return [];
  const entries = await readdir(path, { withFileTypes: true });
  const found = await Promise.all(
    // Links may go round.
    entries.map((entry) => (entry.isSymbolicLink() ? [] : filesAt(join(path, entry.name)))),
  );
  return found.flat();
}

async function contentOf(path: string): Promise<OutputContent> {
  const { size } = await stat(path);
  if (size <= mostWithLines) {
    const bytes = await readFile(path);
    const hash = createHash('sha256').update(bytes).digest('hex');
    return bytes.includes(0) ? { hash } : { hash, lines: bytes.toString('utf8').split('\n') };
  }
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return { hash: hash.digest('hex') };
}
