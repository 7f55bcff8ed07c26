import type pg from 'pg';
import type { SharedKeys } from '../tables/drop-shared-keys.ts';
import { type Part, partName } from '../tables/load-ledger.ts';
import type { DroppedCells } from './csv/typed-rows.ts';

/** What could not be loaded as it stands in the file. */
export type LoadFindings = {
  /** Lines dropped because a later line has the same key and other values. */
  readonly sharedKeys?: SharedKeys | undefined;
  /** Cells that are not finite numbers and became NULL. */
  readonly droppedCells?: DroppedCells | undefined;
};

/** Stores the findings of a part's last load for the checks, replacing those of earlier loads. */
export async function recordFindings(client: pg.Client, part: Part, findings: LoadFindings): Promise<void> {
  await client.query('DELETE FROM etl_findings WHERE part = $1', [partName(part)]);
  for (const [finding, found] of Object.entries(findings)) {
    if (found === undefined) continue;
    await client.query('INSERT INTO etl_findings (part, finding, occurrences, example) VALUES ($1, $2, $3, $4)', [
      partName(part),
      finding,
      found.count,
      found.example,
    ]);
  }
}

/** The findings of the part's last load. */
export async function readFindings(client: pg.Client, part: Part): Promise<LoadFindings> {
  const { rows } = await client.query<{ finding: string; occurrences: number; example: string }>(
    'SELECT finding, occurrences, example FROM etl_findings WHERE part = $1',
    [partName(part)],
  );
  return Object.fromEntries(
    rows.map(({ finding, occurrences, example }) => [finding, { count: occurrences, example }]),
  );
}

/** The findings for a task's message, a phrase each; empty without findings. */
export function formatFindings(all: readonly LoadFindings[]): readonly string[] {
  const sum = (of: keyof LoadFindings) => all.reduce((total, findings) => total + (findings[of]?.count ?? 0), 0);
  const first = (of: keyof LoadFindings) => all.find((findings) => findings[of] !== undefined)?.[of]?.example;
  const [keys, cells] = [sum('sharedKeys'), sum('droppedCells')];
  return [
    ...(keys === 0
      ? []
      : [
          `${keys} ${keys === 1 ? 'line' : 'lines'} dropped whose key a later, different line has too (first: ${first('sharedKeys')})`,
        ]),
    ...(cells === 0
      ? []
      : [
          `${cells} ${cells === 1 ? 'value' : 'values'} not finite and stored as NULL (first: ${first('droppedCells')})`,
        ]),
  ];
}
