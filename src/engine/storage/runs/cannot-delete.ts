import type { Diagnostic } from '../../model/diagnostic.ts';

export function cannotDelete(path: string, error: unknown): Diagnostic {
  const { code, message } = error as NodeJS.ErrnoException;
  const isForbidden = code === 'EACCES' || code === 'EPERM';
  return {
    code: 'run/cannot-delete',
    severity: 'error',
    message: `Cannot delete "${path}": ${isForbidden ? 'permission denied' : message}`,
    hint: isForbidden ? 'run as the user who owns the logs' : 'the next etl-tui prune deletes the rest',
  };
}
