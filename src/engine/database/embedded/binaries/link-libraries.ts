import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * The npm packages of PostgreSQL carry each shared library once, and leave its other names to an install script that
 * npm may refuse to run. This makes the missing links; where the package is read-only they go to `spare`, which is then
 * returned as a directory to search for libraries.
 */
export function linkLibraries(native: string, spare: string): string | undefined {
  const missing = readLinks(native).filter((link) => !existsSync(join(native, '..', link.target)));
  let searched: string | undefined;
  for (const { source, target } of missing) {
    if (makeLink(basename(source), join(native, '..', target))) continue;
    mkdirSync(spare, { recursive: true });
    makeLink(join(native, '..', source), join(spare, basename(target)));
    searched = spare;
  }
  return searched;
}

type Link = { readonly source: string; readonly target: string };

function readLinks(native: string): readonly Link[] {
  try {
    return JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as readonly Link[];
  } catch {
    return [];
  }
}

/** False when the place cannot be written; another process may have been faster, which is just as good. */
function makeLink(source: string, target: string): boolean {
  try {
    symlinkSync(source, target);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST';
  }
}
