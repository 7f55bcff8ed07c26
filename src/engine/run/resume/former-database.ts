import type { Database } from '../../database/database.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { AttemptRef } from '../../model/ids.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { nameOfDatabase } from '../request/run-options.ts';
import type { ResumableRun } from './resumable-run.ts';

/** What a run has loaded into one database is not in another; undefined when it is the same, or was not noted. */
export function refuseOtherDatabase(
  { run, state }: Pick<ResumableRun, 'run' | 'state'>,
  database: Database | undefined,
): Diagnostic | undefined {
  const former = state.options.database;
  const now = database === undefined ? undefined : nameOfDatabase(database);
  if (former === undefined || former === now) return undefined;
  return {
    code: 'usage/cannot-resume',
    severity: 'error',
    message: `run ${run} used ${former}, but this call ${now === undefined ? 'names no database' : `names ${now}`}`,
    hint: 'set DATABASE_URL to the same database, or start a new run',
  };
}

/**
 * Ends the sessions of the attempts that ran when the process died: the server may go on with what they asked, and hold the
 * locks that the next attempts need. Those of attempts that go on stay.
 */
export async function endSessionsOf(
  { run, state: { plan, tasks } }: Pick<ResumableRun, 'run' | 'state'>,
  database: Database | undefined,
  goesOn: (ref: AttemptRef) => boolean,
): Promise<void> {
  if (database === undefined) return;
  await Promise.all(
    plan.tasks.map(({ index, spec }) => {
      const { state } = entryAt(tasks, index);
      if (state.kind !== 'running' || goesOn({ run, task: spec.id, attempt: state.attempt })) return undefined;
      // By this it learns under which name the sessions were opened.
      database.taskEnvironment(run, spec.id, state.attempt);
      return database.sessions.endSessions(spec.id, state.attempt);
    }),
  );
}
