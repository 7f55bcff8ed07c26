import { delimiter, resolve } from 'node:path';
import { defaultPath, isProgram } from '../../executors/process/find-program.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Command, TaskSpec } from '../../model/pipeline/pipeline.ts';
import { expandEnv } from '../request/resolve-params.ts';
import type { RunRequest } from '../request/run-request.ts';
import { firstNames } from './first-names.ts';

/**
 * One warning `run/command-not-found` for each program that a command in list form or a `shell` names and that is not there.
 * A script is not looked into; nor is a path that a task upstream may make.
 * @param env what tasks inherit
 */
export function findMissingPrograms(request: RunRequest, env: RunRequest['env']): readonly Diagnostic[] {
  const { plan, projectDir, params, runChecks } = request;
  const missing = new Map<string, { readonly tasks: string[]; readonly checks: string[] }>();
  const isThere = rememberFound(projectDir);
  const look = (
    kind: 'tasks' | 'checks',
    name: string,
    command: Command,
    isFirst: boolean,
    { own, dir = '.' }: { readonly own?: string | undefined; readonly dir?: string | undefined } = {},
  ) => {
    const program = programOf(command);
    if (program === undefined || (program.includes('/') && !isFirst)) return;
    const written = own ?? plan.pipeline.env['PATH'];
    const path = written === undefined ? env['PATH'] : expandEnv({ PATH: written }, params, env)['PATH'];
    if (isThere(program, path ?? defaultPath, dir)) return;
    const users = missing.get(program) ?? { tasks: [], checks: [] };
    missing.set(program, users);
    users[kind].push(name);
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
  return [...missing].map(([program, { tasks, checks }]) => ({
    code: 'run/command-not-found',
    severity: 'warning',
    message: `command not found: ${program}; ${[...taskFate(tasks), ...checkFate(checks)].join(', and ')}`,
  }));
}

/** What is run for a task, and before it. */
function commandsOf({ command, onlyIf, waitFor }: TaskSpec): readonly Command[] {
  return [
    command,
    ...(onlyIf === undefined ? [] : [onlyIf.command]),
    ...(waitFor?.for.kind === 'command' ? [waitFor.for.command] : []),
  ];
}

function taskFate(tasks: readonly string[]): readonly string[] {
  if (tasks.length === 0) return [];
  return [`${tasks.length === 1 ? 'every attempt' : 'all attempts'} of ${firstNames(tasks)} will fail`];
}

function checkFate(checks: readonly string[]): readonly string[] {
  if (checks.length === 0) return [];
  return [`${checks.length === 1 ? 'check' : 'checks'} ${firstNames(checks)} will have an error`];
}

function programOf(command: Command): string | undefined {
  const program = command.kind === 'argv' ? command.argv[0] : command.shell?.[0];
  return program === '' ? undefined : program;
}

/** Thousands of tasks mostly run the same few programs. */
function rememberFound(projectDir: string): (program: string, path: string, dir: string) => boolean {
  const known = new Map<string, boolean>();
  return (program, path, dir) => {
    const key = `${dir}\0${program.includes('/') ? '' : path}\0${program}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    // An empty entry of PATH is the working directory of the task.
    const places = program.includes('/')
      ? [program]
      : path.split(delimiter).map((place) => `${place || '.'}/${program}`);
    const isFound = places.some((place) => isProgram(resolve(projectDir, dir, place)));
    known.set(key, isFound);
    return isFound;
  };
}
