import type { Diagnostic } from '../../model/diagnostic.ts';
import type { RunRequest } from '../request/run-request.ts';
import { firstNames } from './first-names.ts';
import { locatePrograms, type NamedProgram, type ProgramRequest } from './locate-programs.ts';

/**
 * One warning `run/command-not-found` for each program that a command in list form or a `shell` names and that is not there.
 * @param env what tasks inherit
 */
export function findMissingPrograms(request: ProgramRequest, env: RunRequest['env']): readonly Diagnostic[] {
  return locatePrograms(request, env)
    .filter(({ path }) => path === undefined)
    .map(missingProgram);
}

/** What is told of a program that is not there. */
export function missingProgram({ name, tasks, checks }: NamedProgram): Diagnostic {
  return {
    code: 'run/command-not-found',
    severity: 'warning',
    message: `command not found: ${name}; ${[...taskFate(tasks), ...checkFate(checks)].join(', and ')}`,
  };
}

function taskFate(tasks: readonly string[]): readonly string[] {
  if (tasks.length === 0) return [];
  return [`${tasks.length === 1 ? 'every attempt' : 'all attempts'} of ${firstNames(tasks)} will fail`];
}

function checkFate(checks: readonly string[]): readonly string[] {
  if (checks.length === 0) return [];
  return [`${checks.length === 1 ? 'check' : 'checks'} ${firstNames(checks)} will have an error`];
}
