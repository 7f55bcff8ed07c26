import type { Database } from '../../database/database.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { RunRequest } from '../request/run-request.ts';

/** A warning when tasks run on other machines, and the database of the run listens on this one only. */
export function findLocalDatabase(
  { executor }: Pick<RunRequest, 'executor'>,
  database: Pick<Database, 'source'> | undefined,
): readonly Diagnostic[] {
  if (executor === undefined || database?.source !== 'embedded') return [];
  return [
    {
      code: 'database/only-here',
      severity: 'warning',
      message: "The database of the run is the project's own, which tasks on other machines cannot reach",
      hint: 'set DATABASE_URL to a server that all of them reach, here and in the environment of workers',
    },
  ];
}
