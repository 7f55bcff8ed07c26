import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives the test run a temporary directory of its own, which is removed at the end: no test has to remove what it puts
 * there. Once for all projects, although each of them calls this.
 */
export default function setup(): (() => void) | undefined {
  if (process.env['ETL_TUI_TEST_TMPDIR'] !== undefined) return undefined;
  // A short name: paths of Unix sockets may have no more than 107 bytes.
  const directory = mkdtempSync(join(tmpdir(), 'etl-'));
  // Some tests start programs of other users.
  chmodSync(directory, 0o1777);
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = directory;
  process.env['ETL_TUI_TEST_TMPDIR'] = directory;
  return () => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    delete process.env['ETL_TUI_TEST_TMPDIR'];
    rmSync(directory, { recursive: true, force: true, maxRetries: 20 });
  };
}
