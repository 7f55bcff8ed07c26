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
