import { chmodSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Diagnostic } from '../../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../../model/result.ts';
import type { Binaries } from '../binaries/find-binaries.ts';
import { startFailed } from '../start-failed.ts';

/** What PostgreSQL does not accept of its data directory: writing by the group, and anything by others. */
const tooOpen = 0o027;

/**
 * Looks at a data directory before a server is started over it. Mends the mode that copying may have changed, and
 * refuses files of another major version in words that cost nobody their data.
 */
export function checkCluster(
  cluster: string,
  { major, version }: Binaries,
  onProgress: (line: string) => void,
): Result<void, Diagnostic> {
  const written = writtenBy(cluster);
  if (written !== undefined && written !== String(major)) {
    return failed(
      startFailed(
        `The data in "${cluster}" was written by PostgreSQL ${written}, and PostgreSQL ${version} cannot read it`,
        '',
        `nothing was changed; rename "${basename(cluster)}" to "pg${written}" and set ETL_TUI_PG_BIN to the programs of PostgreSQL ${written} to use it; to upgrade, dump it there with pg_dump and load the dump into ${version}`,
      ),
    );
  }
  const mode = statSync(cluster).mode & 0o777;
  if ((mode & tooOpen) === 0) return ok(undefined);
  try {
    chmodSync(cluster, 0o700);
    onProgress(`The data directory ${cluster} was open to other users (mode ${mode.toString(8)}), and is 700 again`);
  } catch {
    // Not ours: PostgreSQL says so in its own words, and the hint names what to do.
  }
  return ok(undefined);
}

function writtenBy(cluster: string): string | undefined {
  try {
    return readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  } catch {
    return undefined;
  }
}
