import type { Diagnostic } from '../../model/diagnostic.ts';

/**
 * Explains an error of the file system, and what to do about it.
 * @param elsewhere the hint where the place itself cannot be mended
 */
export function writeError(
  path: string,
  error: unknown,
  elsewhere = 'choose another directory with --log-dir',
): Diagnostic {
  const { reason, hint } = explain(error as NodeJS.ErrnoException, elsewhere);
  return { code: 'run/cannot-write', severity: 'error', message: `Cannot write "${path}": ${reason}`, hint };
}

function explain(error: NodeJS.ErrnoException, elsewhere: string): { readonly reason: string; readonly hint: string } {
  switch (error.code) {
    case 'ENOSPC':
      return { reason: 'no space is left', hint: `free some space, or ${elsewhere}` };
    case 'EDQUOT':
      return { reason: 'the disk quota is used up', hint: `free some space, or ${elsewhere}` };
    case 'EACCES':
    case 'EPERM':
      return { reason: 'permission denied', hint: `run as the user who owns the directory, or ${elsewhere}` };
    case 'EROFS':
      return { reason: 'the file system is read-only', hint: elsewhere };
    case 'EIO':
      return { reason: 'the disk reports an error', hint: `see the system's log, and ${elsewhere}` };
    case 'EEXIST':
      return { reason: 'it already exists', hint: `move it, or ${elsewhere}` };
    case 'ENOENT':
      return { reason: 'there is no such directory', hint: `create the directory, or ${elsewhere}` };
    case 'EISDIR':
      return { reason: 'it is a directory', hint: elsewhere };
    case 'ENOTDIR':
      return { reason: 'a part of the path is not a directory', hint: elsewhere };
    case 'ELOOP':
      return { reason: 'it is a symbolic link', hint: `remove the link, or ${elsewhere}` };
    case 'ETIMEDOUT':
      return { reason: error.message, hint: `check whether its disk or file server works, or ${elsewhere}` };
    case 'EUNSAFE':
      return {
        reason: 'it belongs to another user and is writable by others',
        hint: `remove their write permission (chmod go-w), or ${elsewhere}`,
      };
    case 'ENAMETOOLONG':
      return { reason: 'the name is too long', hint: elsewhere };
    case 'EMFILE':
    case 'ENFILE':
      return {
        reason: 'too many files are open',
        hint: 'raise the limit (ulimit -n), or run fewer tasks at once (-j)',
      };
    default:
      return { reason: error.message, hint: `make it writable, or ${elsewhere}` };
  }
}
