import { delimiter, resolve } from 'node:path';
import { defaultPath, isProgram } from '../../executors/process/find-bash.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Command } from '../../model/pipeline/pipeline.ts';
import { expandEnv } from '../request/resolve-params.ts';
import type { RunRequest } from '../request/run-request.ts';
import { firstNames } from './first-names.ts';

/**
 * One warning `run/command-not-found` for each program that a command in list form names and that is not there. A script
 * for the shell is not looked into; nor is a path that a task upstream may make.
 * @param env what tasks inherit
 */
export function findMissingPrograms(request: RunRequest, env: RunRequest['env']): readonly Diagnostic[] {
  const { plan, projectDir, params } = request;
  const tasksByProgram = new Map<string, string[]>();
  const isThere = rememberFound(projectDir);
  for (const { spec, skip, upstream } of plan.tasks) {
    const program = programOf(spec.command);
    if (skip || program === undefined || (program.includes('/') && upstream.length > 0)) continue;
    const written = spec.env['PATH'] ?? plan.pipeline.env['PATH'];
    const path = written === undefined ? env['PATH'] : expandEnv({ PATH: written }, params, env)['PATH'];
    if (isThere(program, path ?? defaultPath)) continue;
    const tasks = tasksByProgram.get(program) ?? [];
    tasksByProgram.set(program, tasks);
    tasks.push(spec.id);
  }
  return [...tasksByProgram].map(([program, tasks]) => ({
    code: 'run/command-not-found',
    severity: 'warning',
    message: `command not found: ${program}; ${tasks.length === 1 ? 'every attempt' : 'all attempts'} of ${firstNames(tasks)} will fail`,
  }));
}

function programOf(command: Command): string | undefined {
  return command.kind === 'argv' && command.argv[0] !== '' ? command.argv[0] : undefined;
}

/** Thousands of tasks mostly run the same few programs. */
function rememberFound(projectDir: string): (program: string, path: string) => boolean {
  const known = new Map<string, boolean>();
  return (program, path) => {
    const key = program.includes('/') ? program : `${path}\0${program}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    // An empty entry of PATH is the working directory of the task.
    const places = program.includes('/')
      ? [program]
      : path.split(delimiter).map((place) => `${place || '.'}/${program}`);
    const isFound = places.some((place) => isProgram(resolve(projectDir, place)));
    known.set(key, isFound);
    return isFound;
  };
}
