import type { Diagnostic } from '../model/diagnostic.ts';

/** The server of the project's own could not be brought up; `log` is what it or its files said, of which the end counts. */
export function startFailed(message: string, log: string, hint?: string): Diagnostic {
  const lines = log.trim().split('\n').slice(-20).join('\n');
  return {
    code: 'database/start-failed',
    severity: 'error',
    message: lines === '' ? message : `${message}:\n${lines}`,
    hint: hint ?? adviceFor(log),
  };
}

function adviceFor(log: string): string {
  if (/No space left on device|Check free disk space|ENOSPC/.test(log))
    return 'make room on the disk of the project, or set DATABASE_URL';
  if (/Permission denied|EACCES|EPERM|wrong ownership/.test(log)) {
    return 'run as the user who owns the ".etl-tui" directory, or set DATABASE_URL';
  }
  return 'set DATABASE_URL to a server of your own, or move ".etl-tui/db" away to start with an empty database';
}
