import pg from 'pg';
import type { ResultRow } from './kinds/result-row.ts';

const booleanType = 16;

/**
 * Runs one statement and returns its first row, undefined when there is none. Later rows are dropped as they arrive, so
 * that a large result needs no memory. The extended protocol accepts a single statement only. Rejects with the driver's error.
 */
export function firstRow(client: pg.Client, sql: string): Promise<ResultRow | undefined> {
  return new Promise((resolve, reject) => {
    const query = new pg.Query<pg.QueryArrayResult['rows'][number]>({
      text: sql,
      rowMode: 'array',
      queryMode: 'extended',
      types: { getTypeParser: (type: number) => (type === booleanType ? readBoolean : String) },
    } as pg.QueryConfig);
    let first: ResultRow | undefined;
    query.on('row', (row, result) => {
      const values = row as readonly (string | null)[];
      first ??= result?.fields.map(({ name, dataTypeID }, column) => {
        return { name, type: dataTypeID, value: values[column] ?? null };
      });
    });
    query.on('end', () => resolve(first));
    query.on('error', reject);
    client.query(query);
  });
}

function readBoolean(text: string): string {
  return text === 't' ? 'true' : 'false';
}
