import pg from 'pg';
import type { ResultRow } from './result-row.ts';

/**
 * The first row of one statement; rows beyond it are let go as they come. The extended protocol takes a single statement
 * only. Rejects with the driver's error.
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
      first ??= result?.fields.map(({ name, dataTypeID }, place) => {
        return { name, type: dataTypeID, value: values[place] ?? null };
      });
    });
    query.on('end', () => resolve(first));
    query.on('error', reject);
    client.query(query);
  });
}

const booleanType = 16;

function readBoolean(text: string): string {
  return text === 't' ? 'true' : 'false';
}
