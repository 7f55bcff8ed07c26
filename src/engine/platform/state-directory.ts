import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';

/** The directory of a project's internal state: its locks and its embedded database. */
export type StateDirectory = {
  readonly path: string;
  /** Whether it is outside the project, because the project is not writable. */
  readonly isMoved: boolean;
};

/** Its usual path, for a writable project. */
export function projectState(projectDir: string): string {
  return join(projectDir, '.etl-tui');
}

/**
 * `.etl-tui` in the project; when that is not writable, a directory of this user that is named after the project's path,
 * below `XDG_STATE_HOME` or `~/.local/state`. Creates nothing.
 * @param projectDir absolute
 */
export function stateDirectory(projectDir: string, env: Readonly<Record<string, string | undefined>>): StateDirectory {
  const usual = projectState(projectDir);
  if (isWritable(existsSync(usual) ? usual : projectDir)) return { path: usual, isMoved: false };
  const wanted = env['XDG_STATE_HOME'] ?? '';
  const home = isAbsolute(wanted) ? wanted : join(env['HOME'] || homedir(), '.local', 'state');
  return { path: join(home, 'etl-tui', nameOf(projectDir)), isMoved: true };
}

/** The same name whichever path or symbolic link leads to the directory. */
function nameOf(projectDir: string): string {
  const path = realPath(projectDir);
  const name = basename(path).replace(/[^A-Za-z0-9_.-]/g, '_');
  return `${name}-${createHash('sha256').update(path).digest('hex').slice(0, 16)}`;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function isWritable(path: string): boolean {
  try {
    // A file in its place is a mistake, which is reported when something is written there.
    if (statSync(path).isDirectory()) accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Any other error is reported when something is written there.
    return code !== 'EACCES' && code !== 'EROFS' && code !== 'EPERM';
  }
}
