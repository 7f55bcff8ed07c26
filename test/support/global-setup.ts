import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Builds `dist/` once, because the end-to-end tests drive the program that users get. Whatever tests put into the
 * temporary directory goes into one of this run, which is removed at its end: no test has to see to that itself.
 */
export default function setup(): () => void {
  const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
  // A short name: paths of Unix sockets may have no more than 107 bytes.
  const directory = mkdtempSync(join(tmpdir(), 'etl-'));
  // As open as the usual one: some tests start programs of other users.
  chmodSync(directory, 0o1777);
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = directory;
  return () => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  };
}
