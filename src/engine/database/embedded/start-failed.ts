import type { Diagnostic } from '../../model/diagnostic.ts';

/** The embedded server could not be started; the message ends with the last 20 lines of `log`. */
export function startFailed(message: string, log: string, hint?: string): Diagnostic {
  const lines = log.trim().split('\n').slice(-20).join('\n');
  return {
    code: 'database/start-failed',
    severity: 'error',
    message: lines === '' ? message : `${message}:\n${lines}`,
    hint: hint ?? hintFor(log),
  };
}

/** The data is intact in all these cases, so no hint may make the user delete it. */
function hintFor(log: string): string {
  if (/shared memory segment.*No space left on device/.test(log))
    return 'give the machine or the container more shared memory (docker run --shm-size=64m), or set DATABASE_URL';
  if (/No space left on device|Check free disk space|ENOSPC/.test(log))
    return 'free space on the disk of the project, or set DATABASE_URL';
  if (/incompatible with server|not compatible with this version/.test(log)) {
    return 'nothing was changed; read it with the PostgreSQL that wrote it (ETL_TUI_PG_BIN), dump it with pg_dump, and load the dump into the new one';
  }
  if (/invalid permissions|group or world access/.test(log)) {
    return 'as its owner, close the data directory to other users (chmod 700) and try again';
  }
  if (/Permission denied|EACCES|EPERM|wrong ownership/.test(log)) {
    return 'run as the user who owns the ".etl-tui" directory, or set DATABASE_URL';
  }
  return 'fix the cause in the message, or set DATABASE_URL to another server; the data in ".etl-tui/db" is still there';
}
