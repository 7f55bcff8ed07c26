import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import type { RunId } from '../../../src/engine/model/ids.ts';
import type { Ending } from './ending-problems.ts';

/** What only exists while something is written or runs, and that a run which ended by itself has left; unless it told so. */
export function leftFiles(logDir: string, runs: readonly RunId[], { code, out, err }: Ending): readonly string[] {
  const run = runs.find((one) => out.includes(one));
  if (code === null || run === undefined || /run\/(?:not-closed|cannot-write)/.test(err)) return [];
  return (readdirSync(logDir, { recursive: true }) as string[])
    .filter((path) => path.includes(run))
    .filter((path) => /\.tmp$|\/tmp$|\/owner\.json$/.test(path) || basename(path).startsWith('.'))
    .map((path) => `"${path}" was left behind`);
}
