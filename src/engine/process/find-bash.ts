import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

const usualPlaces = ['/bin', '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin', '/run/current-system/sw/bin'];

/** Absolute path of the bash that `env`'s PATH leads to, else of one in the usual places. */
export function findBash(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const directories = (env['PATH'] ?? '').split(delimiter).filter(isAbsolute);
  return [...directories, ...usualPlaces].map((directory) => join(directory, 'bash')).find(isProgram);
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
