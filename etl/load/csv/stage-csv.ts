import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse/sync';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { openText } from '../../sources/download.ts';
import { TaskError } from '../../task-error.ts';
import { projectCsv, UnevenLine } from './project-csv.ts';

/** Columns of a CSV file in a temporary table: every cell as text, an empty one as NULL. */
export type StagedCsv = {
  readonly table: string;
  readonly path: string;
  readonly rows: number;
  /** The staged table's column of each wanted name that the file's header has. */
  readonly columns: ReadonlyMap<string, string>;
};

/** A file without a line break within this many bytes is not one of the expected CSV files. */
const LONGEST_HEADER_BYTES = 1 << 20;

/**
 * Pipes columns of a CSV file, zipped or not, into a temporary table of its own. The server reads the cells, which is
 * several times faster than doing it here; only the header is read, so that columns may come, go and move. The table
 * lasts as long as the session; nothing of it is seen by others.
 */
export async function stageCsv(
  client: pg.Client,
  table: string,
  path: string,
  options: {
    readonly source: string;
    /** Columns to be staged, as far as the file has them. */
    readonly wanted: readonly string[];
    /** Columns without which the file is refused. */
    readonly required: readonly string[];
    readonly signal: AbortSignal;
    readonly onProgress?: (fraction: number) => void;
  },
): Promise<StagedCsv> {
  const { size } = await stat(path);
  const text = await openText(path);
  const { header, chunks } = await readHeader(text, options.source);
  const missing = options.required.filter((name) => !header.includes(name));
  if (missing.length > 0) {
    throw new TaskError(`${options.source}: no column ${missing.join(', ')} in the header; is it the right file?`);
  }
  // Of a name that occurs twice in the header, the first column counts.
  const kept = header.map((name, index) => options.wanted.includes(name) && header.indexOf(name) === index);
  const names = header.filter((_, index) => kept[index]);
  const columns = new Map(names.map((name, index) => [name, `c${index + 1}`]));
  const definitions = [...columns.values()].map((column) => `${column} text`);
  await client.query(`DROP TABLE IF EXISTS pg_temp.${table}; CREATE TEMP TABLE ${table} (${definitions.join(', ')})`);
  const copy = client.query(copyFrom(`COPY pg_temp.${table} FROM STDIN (FORMAT csv, HEADER true)`));
  try {
    await pipeline(
      watched(projectCsv(chunks, kept), () => options.onProgress?.(bytesRead(text) / size)),
      copy,
      { signal: options.signal },
    );
  } catch (error) {
    options.signal.throwIfAborted();
    throw refused(error, options.source);
  }
  return { table, path, rows: copy.rowCount, columns };
}

async function readHeader(text: Readable, source: string) {
  const rest = text[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let head = Buffer.alloc(0);
  let end = -1;
  while (end < 0) {
    const { value, done } = await rest.next();
    if (done || head.length > LONGEST_HEADER_BYTES) throw new TaskError(`${source}: no rows below a header`);
    head = Buffer.concat([head, value]);
    end = head.indexOf('\n');
  }
  const [header = []] = parse(head.subarray(0, end), { bom: true, relax_column_count: true }) as string[][];
  return {
    header: header.map((name) => name.trim()),
    chunks: (async function* () {
      yield head;
      for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
    })(),
  };
}

async function* watched(chunks: AsyncIterable<Buffer>, onChunk: () => void): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    yield chunk;
    onChunk();
  }
}

/** Bytes of the file so far: of the zipped form, since only its length is known. */
function bytesRead(text: Readable): number {
  if ('bytesWritten' in text) return Number(text.bytesWritten);
  return 'bytesRead' in text ? Number(text.bytesRead) : 0;
}

/** The server's error about a file that it cannot read, with the place in the file. */
function refused(error: unknown, source: string): unknown {
  if (error instanceof UnevenLine)
    return new TaskError(`${source}, ${error.message}, unlike its header`, { cause: error });
  if (!(error instanceof Error) || !('code' in error) || !/^22/.test(String(error.code))) return error;
  const where = 'where' in error ? /line \d+/.exec(String(error.where))?.[0] : undefined;
  return new TaskError(`${source}${where === undefined ? '' : `, ${where}`}: ${error.message}`, { cause: error });
}
