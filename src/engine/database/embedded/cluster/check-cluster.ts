import { chmodSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Diagnostic } from '../../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../../model/result.ts';
import type { Binaries } from '../binaries/find-binaries.ts';
import { startFailed } from '../start-failed.ts';

/** Mode bits that PostgreSQL rejects on its data directory: write access of the group, any access of others. */
const tooOpen = 0o027;

/**
 * Validates a data directory before the server starts:
 * 1. Rejects the files of another major version, with a message that does not suggest deleting them.
 * 2. Repairs the mode, which copying may have changed.
 */
export function checkCluster(
  cluster: string,
  { major, version }: Binaries,
  onProgress: (line: string) => void,
): Result<void, Diagnostic> {
  const written = majorOf(cluster);
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
    onProgress(
      `The data directory ${cluster} was open to other users (mode ${mode.toString(8)}); it is closed again (mode 700)`,
    );
  } catch {
    // It belongs to another user. PostgreSQL then reports the mode itself, and `startFailed` adds the hint.
  }
  return ok(undefined);
}

function majorOf(cluster: string): string | undefined {
  try {
    return readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  } catch {
    return undefined;
  }
}
