import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Whether `path` stands for any number of files: `*` and `?` within a name, `**` for any number of directories. */
export function isPattern(path: string): boolean {
  return /[*?]/.test(path);
}

/**
 * The paths below `root` that `pattern` (relative, without `..`) stands for, in no order; what cannot be read has none.
 * As in a shell, a name that begins with a dot must be asked for with one, and `**` follows no links. Brackets and
 * braces mean themselves.
 */
export async function findMatches(root: string, pattern: string): Promise<readonly string[]> {
  const written = pattern.split('/').filter((segment) => segment !== '' && segment !== '.');
  const segments = written.filter((segment, at) => segment !== '**' || written[at + 1] !== '**');
  // What ends with any directory means everything in it.
  if (segments[segments.length - 1] === '**') segments.push('*');
  const found = new Set<string>();
  await collect(root, segments, found);
  return [...found];
}

async function collect(directory: string, segments: readonly string[], found: Set<string>): Promise<void> {
  const [segment, ...rest] = segments;
  if (segment === undefined) {
    found.add(directory);
    return;
  }
  if (!isPattern(segment)) return collect(join(directory, segment), rest, found);
  if (segment === '**') await collect(directory, rest, found);
  for (const entry of await entriesOf(directory)) {
    const path = join(directory, entry.name);
    if (segment === '**') {
      if (entry.isDirectory() && !entry.name.startsWith('.')) await collect(path, segments, found);
    } else if (matchesName(segment, entry.name)) await collect(path, rest, found);
  }
}

async function entriesOf(directory: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Takes time in proportion to both lengths at most, whatever the author wrote. */
function matchesName(pattern: string, name: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  const wanted = [...pattern];
  const given = [...name];
  let at = 0;
  let star = -1;
  let afterStar = 0;
  for (let next = 0; next < given.length; ) {
    if (wanted[at] === '*') {
      star = at;
      afterStar = next;
      at += 1;
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === given[next])) {
      at += 1;
      next += 1;
    } else if (star >= 0) {
      // The star takes one more.
      at = star + 1;
      afterStar += 1;
      next = afterStar;
    } else return false;
  }
  return wanted.slice(at).every((character) => character === '*');
}
