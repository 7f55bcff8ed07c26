import type pg from 'pg';
import type { NflverseFile } from '../sources/nflverse.ts';
import type { TaskContext } from '../task-context.ts';
import { TaskError } from '../task-error.ts';
import { type FileLoadResult, loadFile } from './load-file.ts';
import { loadSeasons } from './load-seasons.ts';
import { openTables } from './open-tables.ts';
import type { StagedCsv } from './stage-csv.ts';
import { type ColumnSource, cell, namesInFile, typeRows } from './typed-rows.ts';

const CELLS: Readonly<Record<string, ColumnSource>> = {
  team: 'team',
  position: 'text',
  status: 'text',
  birth_date: 'date',
  weight: 'int',
  jersey_number: 'int',
  years_exp: 'int',
  week: 'int',
};

const COLUMNS = [...Object.keys(CELLS), 'full_name', 'height'];

/** Loads the rosters of the seasons. Source: nflverse (CC BY 4.0). */
export async function loadRosters(context: TaskContext): Promise<void> {
  await loadSeasons(context, await openTables(context), 'rosters', (client, season, file) =>
    loadSeason(context, client, season, file),
  );
}

async function loadSeason(
  context: TaskContext,
  client: pg.Client,
  season: number,
  file: NflverseFile,
): Promise<FileLoadResult> {
  const result = await loadFile(context, client, file, {
    part: { table: 'rosters', season },
    key: ['season', 'gsis_id'],
    columns: COLUMNS,
    required: ['team', 'full_name'],
    wanted: [...namesInFile(CELLS), 'season', 'full_name', 'first_name', 'last_name', 'height', 'gsis_id', 'esb_id'],
    program: JSON.stringify(CELLS),
    type: async (staged, typed) => {
      await refuseOtherSeasons(client, staged, season, file.name);
      await typeRows(client, typed, staged, { source: file.name, columns: CELLS, computed: computed(staged, season) });
      // Neither a name nor a club: a line about nobody.
      await client.query(`DELETE FROM pg_temp.${typed} WHERE full_name IS NULL OR team IS NULL`);
    },
    seasons: async () => [season],
  });
  const what = result.fresh ? 'the file has not changed' : `${result.rowsChanged} changed`;
  context.log(`season ${season}: ${result.rows} players; ${what}`);
  if (result.duplicates > 0)
    context.log(`season ${season}: ${result.duplicates} players stand twice; the later line counts`);
  return result;
}

async function refuseOtherSeasons(client: pg.Client, staged: StagedCsv, season: number, source: string): Promise<void> {
  const { rows } = await client.query<{ others: string }>(
    `SELECT count(*) AS others FROM pg_temp.${staged.table} WHERE ${cell(staged, 'season', 'int')} <> $1`,
    [season],
  );
  const others = rows[0]?.others ?? '0';
  if (others !== '0') throw new TaskError(`${source}: ${others} players are of another season; the file is not loaded`);
}

function computed(staged: StagedCsv, season: number): Readonly<Record<string, string>> {
  const text = (name: string) => cell(staged, name, 'text');
  const fullName = `coalesce(${text('full_name')}, nullif(concat_ws(' ', ${text('first_name')}, ${text('last_name')}), ''))`;
  const height = text('height');
  return {
    season: String(season),
    full_name: fullName,
    // A few players have no number yet; a key that lasts until they get one is made of what they have.
    gsis_id: `coalesce(${text('gsis_id')}, 'esb:' || ${text('esb_id')},
      'name:' || ${fullName} || ':' || coalesce(${text('birth_date')}, ${text('team')}, ''))`,
    // Inches, but feet and inches (6-2) in older files.
    height: `CASE WHEN ${height} ~ '^\\d+-\\d+$' THEN split_part(${height}, '-', 1)::int * 12 + split_part(${height}, '-', 2)::int
      WHEN ${height} ~ '^\\d+(\\.0+)?$' THEN ${height}::numeric::int END`,
  };
}
