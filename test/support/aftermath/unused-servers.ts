import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { embeddedRoot, existingMajors } from '../../../src/engine/database/embedded/cluster/embedded-directory.ts';
import { findRunning } from '../../../src/engine/database/embedded/server/postmaster.ts';

/** Servers of a project in which no etl-tui runs any more, unless somebody asked for one by `db start`. */
export async function unusedServers(
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[]> {
  const root = embeddedRoot(directory, env);
  if (existsSync(join(root, 'keep'))) return [];
  const found = await Promise.all(existingMajors(root).map((major) => findRunning(join(root, `pg${major}`))));
  return found.flatMap((server) =>
    server === undefined ? [] : [`PostgreSQL (process ${server.pid}) runs without a user`],
  );
}
