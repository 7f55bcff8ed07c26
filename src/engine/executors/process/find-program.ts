import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** The search path of the system when PATH is not set. */
export const defaultPath = '/usr/local/bin:/usr/bin:/bin';

/** Absolute path of the program that `env`'s PATH leads to. */
export function findProgram(name: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const directories = (env['PATH'] ?? defaultPath).split(delimiter).filter(isAbsolute);
  return directories.map((directory) => join(directory, name)).find(isProgram);
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
