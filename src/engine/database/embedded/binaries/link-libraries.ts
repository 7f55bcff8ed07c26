import { chmodSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeDirectories } from '../../../platform/make-directories.ts';

/**
 * Creates missing symbolic links to shared libraries. The npm packages of PostgreSQL contain each library once and leave
 * its other names to an install script, which npm may not run. In a read-only package the links go to `spare`, which is
 * then returned as an additional library path.
 */
export function linkLibraries(native: string, spare: string): string | undefined {
  const missing = readLinks(native).filter((link) => !existsSync(join(native, '..', link.target)));
  let searched: string | undefined;
  for (const { source, target } of missing) {
    if (makeLink(basename(source), join(native, '..', target))) continue;
    makeSpareDirectory(spare);
    makeLink(join(native, '..', source), join(spare, basename(target)));
    searched = spare;
  }
  return searched;
}

function makeSpareDirectory(spare: string): void {
  makeDirectories(spare);
  // Root does not run the server itself, and does not know yet who will; that account must find the links.
  if (process.getuid?.() === 0) for (const at of [spare, dirname(spare), dirname(dirname(spare))]) chmodSync(at, 0o711);
}

type Link = { readonly source: string; readonly target: string };

function readLinks(native: string): readonly Link[] {
  try {
    return JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as readonly Link[];
  } catch {
    return [];
  }
}

/** False when the directory is not writable; a link that another process created counts as success. */
function makeLink(source: string, target: string): boolean {
  try {
    symlinkSync(source, target);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST';
  }
}
