import type pg from 'pg';

const SIDES = ['off', 'def', 'opp_off', 'opp_def'] as const;

/**
 * Gives `asof_features` the columns of windows that it does not have yet. Columns of windows that are no longer
 * configured stay, and become NULL when their season is computed again.
 */
export async function addWindowColumns(client: pg.Client, windows: readonly number[]): Promise<void> {
  const there = await columnsOf(client);
  const missing = windows.flatMap(columnsOfWindow).filter((column) => !there.includes(column));
  if (missing.length === 0) return;
  const added = missing.map((column) => `ADD COLUMN IF NOT EXISTS ${column} double precision`);
  await client.query(`ALTER TABLE asof_features ${added.join(', ')}`);
}

/** The columns for others to read: those of the table as it was made, then those of further windows, shortest first. */
export async function featureColumns(client: pg.Client, windows: readonly number[]): Promise<readonly string[]> {
  const further = windows.filter((window) => window !== 3 && window !== 5).flatMap(columnsOfWindow);
  const made = (await columnsOf(client)).filter((column) => !/_l\d+$/.test(column) || /_l[35]$/.test(column));
  return [...made, ...further];
}

const columnsOfWindow = (window: number) => SIDES.map((side) => `${side}_epa_l${window}`);

async function columnsOf(client: pg.Client): Promise<readonly string[]> {
  const { fields } = await client.query('SELECT * FROM asof_features LIMIT 0');
  return fields.map(({ name }) => name);
}
