import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** The search path of the system when PATH is not set. */
export const defaultPath = '/usr/local/bin:/usr/bin:/bin';

/** Absolute path of the bash that `env`'s PATH leads to. */
export function findBash(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const directories = (env['PATH'] ?? defaultPath).split(delimiter).filter(isAbsolute);
  return directories.map((directory) => join(directory, 'bash')).find(isProgram);
}

/** Whether `path` is a file that we may execute. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
