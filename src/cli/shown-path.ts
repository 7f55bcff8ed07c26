import { isAbsolute, relative } from 'node:path';

/** A path as people should see it: relative to the working directory when it lies below. */
export function shownPath(path: string, cwd: string): string {
  const below = relative(cwd, path);
  return below === '' || below.startsWith('..') || isAbsolute(below) ? path : below;
}
