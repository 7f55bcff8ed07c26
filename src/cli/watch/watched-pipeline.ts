import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { type Diagnostic, type FileLook, findPipeline, lookAtFiles, type Selection } from '../../engine/index.ts';
import type { Invocation } from '../invocation.ts';
import { type LoadedPlan, loadPlan } from '../run/load-plan.ts';

/** A pipeline as it is at one moment, and the files that it is made of. */
export type WatchedPipeline = {
  /** Absent when it has mistakes. */
  readonly loaded?: LoadedPlan;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
  /** Absolute: the pipeline file, those that it includes, and files of variables. */
  readonly files: readonly string[];
};

/**
 * Reads a pipeline.
 * @param before as it was read last: what cannot be read now is watched all the same, because it may come back
 */
export function readWatched(
  given: string | undefined,
  selection: Selection,
  params: ReadonlyMap<string, string>,
  invocation: Invocation,
  before?: WatchedPipeline,
): WatchedPipeline {
  const { cwd } = invocation;
  const found = findPipeline(given, cwd);
  const { loaded, diagnostics, sources } = loadPlan(given, invocation, selection, params);
  const read = [...sources.keys()].map((file) => resolve(cwd, file));
  const own = [
    ...(found.ok ? [found.value.path] : []),
    ...read,
    ...(loaded === undefined ? [] : envFilesOf(loaded, invocation)),
  ];
  const files = loaded === undefined ? [...new Set([...own, ...(before?.files ?? [])])] : [...new Set(own)];
  return { ...(loaded === undefined ? {} : { loaded }), diagnostics, sources, files };
}

/** What decides what is shown of it. */
export function contentOf({ diagnostics, sources, loaded }: WatchedPipeline): string {
  const files = [...(loaded?.surroundings.envFiles?.keys() ?? [])];
  return JSON.stringify([diagnostics, [...sources], loaded?.plan.hash, files]);
}

const maxReads = 5;
const unseen: FileLook = { marks: new Map(), directories: [] };

/** Reads a pipeline, with a look at its files that belongs to it: what changes from now on differs from that look. */
export async function readWithLook(
  read: (before?: WatchedPipeline) => WatchedPipeline,
  before?: WatchedPipeline,
): Promise<{ readonly pipeline: WatchedPipeline; readonly look: FileLook }> {
  let pipeline = read(before);
  for (let reads = 1; ; reads += 1) {
    // A file system that does not answer will be looked at again.
    const look = await lookAtPipeline(pipeline, () => pipeline).catch(() => unseen);
    const again = read(pipeline);
    if (reads >= maxReads || contentOf(again) === contentOf(pipeline)) return { pipeline, look };
    // It was written between the two.
    pipeline = again;
  }
}

/** Looks at its files. With mistakes in it, what is missing may be a file that it does not know of yet: then it is read again. */
export async function lookAtPipeline(watched: WatchedPipeline, again: () => WatchedPipeline): Promise<FileLook> {
  const { marks, directories } = await lookAtFiles(watched.files);
  const mistakes = watched.loaded === undefined ? JSON.stringify(again().diagnostics) : '';
  return { marks: new Map([...marks, ['', mistakes]]), directories };
}

function envFilesOf({ plan, found }: LoadedPlan, { env }: Invocation): readonly string[] {
  const named = [plan.pipeline, ...plan.tasks.map(({ spec }) => spec)].flatMap(({ envFiles }) => envFiles ?? []);
  const home = env['HOME'] || homedir();
  return named.map(({ path }) => resolve(found.projectDir, path.replace(/^~(?=\/)/, home)));
}
