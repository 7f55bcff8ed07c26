import { realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';

/** A path as people should see it: relative to the working directory when it lies below. */
export function shownPath(path: string, cwd: string): string {
  const below = relative(cwd, path);
  return below === '' || below.startsWith('..') || isAbsolute(below) ? path : below;
}

/**
 * `file` relative to the directory into which GitHub Actions has checked out the repository (`GITHUB_WORKSPACE`), which
 * need not be the working directory; as it was when it lies elsewhere.
 */
export function annotatedPath(file: string, cwd: string, workspace: string | undefined): string {
  if (!workspace) return file;
  const below = relative(realPath(resolve(cwd, workspace)), realPath(resolve(cwd, file)));
  return below === '' || below.startsWith('..') || isAbsolute(below) ? file : below.replaceAll('\\', '/');
}

/** The same place may be named by a link, such as /tmp on macOS. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
