import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Diagnostic, DiagnosticCode } from '../../model/diagnostic.ts';
import type { LocatedPath } from '../../model/pipeline/pipeline.ts';
import type { Plan } from '../../model/pipeline/plan.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { type EnvFile, readEnvFile } from '../../spec/read-env-file.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What is in the files of variables that a pipeline names, by their paths as written; all of it is secret. */
export type EnvFiles = ReadonlyMap<string, EnvFile>;

/** What a run finds around it, beside the pipeline file. */
export type Surroundings = {
  /** That of this process, with what the files for the whole run set. */
  readonly env: Environment;
  readonly envFiles: EnvFiles;
};

const maxBytes = 1_048_576;

/**
 * Reads the files of variables that a plan names, and looks whether the directories are there in which its tasks run. All
 * mistakes at once, each at its place in the pipeline file: `run/no-env-file`, `run/no-directory`; and in a file of
 * variables `run/bad-env-file`.
 * @param projectDir absolute
 */
export function readSurroundings(
  { pipeline, tasks }: Plan,
  projectDir: string,
  env: Environment,
): Result<Surroundings, readonly Diagnostic[]> {
  const mistakes: Diagnostic[] = [];
  const running = tasks.filter(({ skip }) => !skip).map(({ spec }) => spec);
  for (const dir of distinct(running.flatMap(({ dir }) => dir ?? []))) {
    if (!isDirectory(join(projectDir, dir.path))) mistakes.push(noDirectory(dir));
  }
  const envFiles = new Map<string, EnvFile>();
  for (const file of distinct([...(pipeline.envFiles ?? []), ...running.flatMap((task) => task.envFiles ?? [])])) {
    const text = readText(file, projectDir, env);
    if (!text.ok) mistakes.push(text.error);
    else {
      const { values, diagnostics } = readEnvFile(text.value, file.path);
      mistakes.push(...diagnostics);
      envFiles.set(file.path, values);
    }
  }
  if (mistakes.length > 0) return failed(mistakes);
  const ofRun = variablesInFiles(pipeline.envFiles, envFiles);
  return ok({ env: ofRun === undefined ? env : { ...env, ...ofRun }, envFiles });
}

/** What a list of files sets, a later one before an earlier; undefined without any. */
export function variablesInFiles(
  files: readonly LocatedPath[] | undefined,
  envFiles: EnvFiles | undefined,
): EnvFile | undefined {
  if (files === undefined) return undefined;
  return Object.assign({}, ...files.map(({ path }) => envFiles?.get(path) ?? {})) as EnvFile;
}

/** Defaults are shared by all tasks, so that one path is mostly named many times. */
function distinct(paths: readonly LocatedPath[]): readonly LocatedPath[] {
  return [...new Map(paths.toReversed().map((one) => [one.path, one])).values()].toReversed();
}

function readText({ path, at }: LocatedPath, projectDir: string, env: Environment): Result<string, Diagnostic> {
  const place = resolve(projectDir, path.replace(/^~(?=\/)/, env['HOME'] || homedir()));
  const refuse = (message: string, hint: string) => failed(mistake('run/no-env-file', message, at, hint));
  try {
    const stats = statSync(place);
    if (!stats.isFile()) return refuse(`"${path}" is not a file`, 'use a file with one NAME=value per line');
    if (stats.size > maxBytes) return refuse(`"${path}" is larger than 1 MiB`, 'is this an env file?');
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(place)));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return refuse(`there is no file "${path}"`, 'create the file; paths are relative to the project directory');
    }
    const why =
      code === 'EACCES' ? 'permission denied' : error instanceof TypeError ? 'it is not text in UTF-8' : message;
    return refuse(`"${path}" cannot be read: ${why}`, 'make it readable for the user who runs etl-tui');
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    return false;
  }
}

function noDirectory({ path, at }: LocatedPath): Diagnostic {
  const hint = 'paths are relative to the project directory; the directory must exist before the run';
  return mistake('run/no-directory', `there is no directory "${path}" for a task to run in`, at, hint);
}

function mistake(code: DiagnosticCode, message: string, at: LocatedPath['at'], hint: string): Diagnostic {
  return { code, severity: 'error', message, at, hint };
}
