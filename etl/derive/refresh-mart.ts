import type pg from 'pg';
import { gamesPart } from '../load/load-games.ts';
import { ensureSchema } from '../tables/ensure-schema.ts';
import { fingerprint, inputsOf, isUpToDate, recordLoad } from '../tables/load-ledger.ts';
import { inTableTransaction } from '../tables/table-transaction.ts';
import type { TaskContext } from '../task-context.ts';

const MART = 'mart.game_summary';

/** What the mart is made from; the columns of `weather` are those that it shows. */
const INPUTS = [
  gamesPart(),
  { table: 'team_game_epa' },
  { table: 'weather', columns: ['game_id', 'temp_c', 'wind_kph', 'indoor'] },
];

/** Refreshes the mart while others read it; not at all when its inputs have not changed. */
export async function refreshMart(context: TaskContext): Promise<void> {
  const client = await context.connect();
  await ensureSchema(client);
  const { rows, changed, fresh } = await inTableTransaction(client, { table: MART }, () => refresh(context, client));
  const result = fresh ? 'skipped as fresh: its inputs have not changed' : `${changed} changed`;
  context.log(`${rows} games in ${MART}, ${result}`);
  context.report({ progress: 1, message: fresh ? 'skipped as fresh' : '', rows, rows_changed: changed });
}

async function refresh(context: TaskContext, client: pg.Client) {
  const found: string[] = [];
  for (const input of INPUTS) found.push(await fingerprint(client, input));
  const made = inputsOf(...found);
  if (!(await isPopulated(client))) {
    // The first refresh cannot be concurrent, and there are no readers yet.
    await client.query(`REFRESH MATERIALIZED VIEW ${MART}`);
    const rows = await countRows(client, 'true');
    await recordLoad(client, { table: MART }, made);
    return { rows, changed: rows, fresh: false };
  }
  const before = await countRows(client, 'true');
  if (!context.reload && (await isUpToDate(client, { table: MART }, made)))
    return { rows: before, changed: 0, fresh: true };
  await client.query(`REFRESH MATERIALIZED VIEW CONCURRENTLY ${MART}`);
  const rows = await countRows(client, 'true');
  // A refresh writes only the rows that differ; their xmin is this transaction.
  const written = await countRows(client, 'xmin = pg_current_xact_id()::xid');
  await recordLoad(client, { table: MART }, made);
  return { rows, changed: Math.max(written, before + written - rows), fresh: false };
}

async function isPopulated(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ relispopulated: boolean }>(
    'SELECT relispopulated FROM pg_class WHERE oid = $1::regclass',
    [MART],
  );
  return rows[0]?.relispopulated === true;
}

async function countRows(client: pg.Client, where: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${MART} WHERE ${where}`);
  return Number(rows[0]?.count);
}
