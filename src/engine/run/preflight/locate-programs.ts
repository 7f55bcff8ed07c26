import { delimiter, resolve } from 'node:path';
import { defaultPath, isProgram } from '../../executors/process/find-program.ts';
import type { Command, TaskSpec } from '../../model/pipeline/pipeline.ts';
import { expandEnv } from '../request/resolve-params.ts';
import type { RunRequest } from '../request/run-request.ts';

/** What is asked for a look at the programs of a pipeline. */
export type ProgramRequest = Pick<RunRequest, 'plan' | 'projectDir' | 'params' | 'runChecks'>;

/** A program that commands in list form or a `shell` name. */
export type NamedProgram = {
  /** As it is written. */
  readonly name: string;
  /** Where it is, absolute; undefined when it is not there. */
  readonly path: string | undefined;
  readonly tasks: readonly string[];
  readonly checks: readonly string[];
};

/**
 * The programs that a plan names, each once for each place where it is. A script is not looked into; nor is a path that a task
 * upstream may make.
 * @param env what tasks inherit
 */
export function locatePrograms(request: ProgramRequest, env: RunRequest['env']): readonly NamedProgram[] {
  const { plan, projectDir, params, runChecks } = request;
  const found = new Map<string, NamedProgram & { readonly tasks: string[]; readonly checks: string[] }>();
  const locate = rememberPlaces(projectDir);
  const look = (
    kind: 'tasks' | 'checks',
    user: string,
    command: Command,
    isFirst: boolean,
    { own, dir = '.' }: { readonly own?: string | undefined; readonly dir?: string | undefined } = {},
  ) => {
    const name = programOf(command);
    if (name === undefined || (name.includes('/') && !isFirst)) return;
    const written = own ?? plan.pipeline.env['PATH'];
    const searched = written === undefined ? env['PATH'] : expandEnv({ PATH: written }, params, env)['PATH'];
    const path = locate(name, searched ?? defaultPath, dir);
    const key = `${name}\0${path ?? ''}`;
    const program = found.get(key) ?? { name, path, tasks: [], checks: [] };
    found.set(key, program);
    program[kind].push(user);
  };
  for (const { spec, skip, upstream } of plan.tasks) {
    if (skip) continue;
    const where = { own: spec.env['PATH'], dir: spec.dir?.path };
    for (const command of commandsOf(spec)) look('tasks', spec.id, command, upstream.length === 0, where);
  }
  for (const { spec, after, atEnd } of runChecks ? plan.checks : []) {
    const { definition, name } = spec;
    if (definition.kind === 'command') look('checks', name, definition.command, after.length === 0 && !atEnd);
  }
  return [...found.values()];
}

/** What is run for a task, and before it. */
export function commandsOf({ command, onlyIf, waitFor }: TaskSpec): readonly Command[] {
  return [
    command,
    ...(onlyIf === undefined ? [] : [onlyIf.command]),
    ...(waitFor?.for.kind === 'command' ? [waitFor.for.command] : []),
  ];
}

function programOf(command: Command): string | undefined {
  const program = command.kind === 'argv' ? command.argv[0] : command.shell?.[0];
  return program === '' ? undefined : program;
}

/** Thousands of tasks mostly run the same few programs. */
function rememberPlaces(projectDir: string): (program: string, path: string, dir: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (program, path, dir) => {
    const key = `${dir}\0${program.includes('/') ? '' : path}\0${program}`;
    if (known.has(key)) return known.get(key);
    // An empty entry of PATH is the working directory of the task.
    const places = program.includes('/')
      ? [program]
      : path.split(delimiter).map((place) => `${place || '.'}/${program}`);
    const found = places.map((place) => resolve(projectDir, dir, place)).find(isProgram);
    known.set(key, found);
    return found;
  };
}
