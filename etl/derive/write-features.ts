import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { partOf, removeLeftovers } from '../part-file.ts';

/**
 * Writes these columns of `asof_features`, all seasons that it holds, as CSV, the same rows always in the same order; a
 * reader of the file sees the old one or the new one, never a part. Returns the rows.
 */
export async function writeFeatures(
  client: pg.Client,
  columns: readonly string[],
  path: string,
  signal: AbortSignal,
): Promise<number> {
  await mkdir(dirname(path), { recursive: true });
  await removeLeftovers(path);
  const temporary = partOf(path);
  const listed = columns.map(pg.escapeIdentifier).join(', ');
  const copy = client.query(
    copyTo(
      `COPY (SELECT ${listed} FROM asof_features ORDER BY as_of, game_id, team) TO STDOUT (FORMAT csv, HEADER true)`,
    ),
  );
  try {
    await pipeline(copy, createWriteStream(temporary, { flush: true }), { signal });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return copy.rowCount;
}
