import { isAbsolute, resolve } from 'node:path';
import type { Command } from '../../model/pipeline/pipeline.ts';

/** Names that are found on the worker's PATH, and absolute paths. */
export type AllowedPrograms = ReadonlySet<string>;

/** What was written behind `--allow`: a word with a slash is a path, relative to `root`. */
export function allowedPrograms(words: readonly string[], root: string): AllowedPrograms {
  return new Set(words.map((word) => (word.includes('/') ? resolve(root, word) : word)));
}

/** Variables that make a program load or run something else than itself. */
const loading =
  /^(?:PATH|LD_.*|DYLD_.*|BASH_ENV|BASH_FUNC_.*|ENV|SHELLOPTS|BASHOPTS|PS4|PROMPT_COMMAND|NODE_.*|PYTHON.*|PERL.*|RUBY.*|R_.*|GIT_.*|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|CLASSPATH|PSQLRC|PAGER|EDITOR|VISUAL|PSQL_.*)$/;

/** Why an attempt is none of those that the worker is for; undefined when it is one. */
export function whyNotAllowed(
  allow: AllowedPrograms,
  {
    command,
    cwd,
    env,
  }: { readonly command: Command; readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): string | undefined {
  const program = command.kind === 'argv' ? command.argv[0] : (command.shell?.[0] ?? 'bash');
  const isAllowed = allow.has(program.includes('/') && !isAbsolute(program) ? resolve(cwd, program) : program);
  if (!isAllowed) {
    const what = command.kind === 'shell' ? `a script for "${program}"` : `"${program}"`;
    return `this worker may not run ${what}: it is started with --allow ${[...allow].join(',')}`;
  }
  const variable = Object.keys(env).find((name) => loading.test(name));
  return variable === undefined
    ? undefined
    : `this worker does not let a task set ${variable}, because it is started with --allow`;
}
