import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';

/** Where the private state of a project lies: its locks, its own database. */
export type StateDirectory = {
  readonly path: string;
  /** Not in the project, because nothing can be written there. */
  readonly isMoved: boolean;
};

/** The place for it in a project that can be written. */
export function projectState(projectDir: string): string {
  return join(projectDir, '.etl-tui');
}

/**
 * `.etl-tui` in the project; where nothing can be written there, a directory of this user that is named by the project's
 * path: below `XDG_STATE_HOME`, or `~/.local/state`. Nothing is made.
 * @param projectDir absolute
 */
export function stateDirectory(projectDir: string, env: Readonly<Record<string, string | undefined>>): StateDirectory {
  const usual = projectState(projectDir);
  if (isWritable(existsSync(usual) ? usual : projectDir)) return { path: usual, isMoved: false };
  const wanted = env['XDG_STATE_HOME'] ?? '';
  const home = isAbsolute(wanted) ? wanted : join(env['HOME'] || homedir(), '.local', 'state');
  return { path: join(home, 'etl-tui', nameOf(projectDir)), isMoved: true };
}

/** One name for one directory, whichever way leads to it. */
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
    // A file in its place has no right to be entered, and is a mistake to be told.
    if (statSync(path).isDirectory()) accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Anything else is said when something is written there.
    return code !== 'EACCES' && code !== 'EROFS' && code !== 'EPERM';
  }
}
