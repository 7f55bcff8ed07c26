import type pg from 'pg';
import type { NflverseFile } from '../sources/nflverse.ts';
import { openTables } from '../tables/open-tables.ts';
import type { TaskContext } from '../task-context.ts';
import { TaskError } from '../task-error.ts';
import { type ColumnSource, namesInFile, type ReadCell, typeRows } from './csv/typed-rows.ts';
import { type FileLoadResult, loadFile } from './load-file.ts';
import { formatFindings } from './load-findings.ts';
import { loadSeasons } from './load-seasons.ts';

const CELLS: Readonly<Record<string, ColumnSource>> = {
  team: 'team',
  position: 'text',
  status: 'text',
  birth_date: 'date',
  weight: 'int',
  jersey_number: 'int',
  years_exp: 'int',
  height: 'height',
  week: 'int',
};

const COLUMNS = [...Object.keys(CELLS), 'full_name'];

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
    wanted: [...namesInFile(CELLS), 'season', 'full_name', 'first_name', 'last_name', 'gsis_id', 'esb_id'],
    program: JSON.stringify(CELLS),
    type: async (staged, typed) => {
      const source = file.name;
      const dropped = await typeRows(client, typed, staged, { source, columns: CELLS, computed: computed(season) });
      await rejectOtherSeasons(client, typed, season, source);
      // A line without a name or a team is no player.
      await client.query(`DELETE FROM pg_temp.${typed} WHERE full_name IS NULL OR team IS NULL`);
      return dropped;
    },
    seasons: async () => [season],
  });
  const what = result.fresh ? 'the file has not changed' : `${result.rowsChanged} changed`;
  context.log(`season ${season}: ${result.rows} players; ${what}`);
  for (const finding of formatFindings([result.findings])) context.log(`warning: season ${season}: ${finding}`);
  return result;
}

async function rejectOtherSeasons(client: pg.Client, typed: string, season: number, source: string): Promise<void> {
  const { rows } = await client.query<{ others: string }>(
    `SELECT count(*) AS others FROM pg_temp.${typed} WHERE season <> $1`,
    [season],
  );
  const others = rows[0]?.others ?? '0';
  if (others !== '0') throw new TaskError(`${source}: ${others} players are of another season; the file is not loaded`);
}

function computed(season: number): (read: ReadCell) => Readonly<Record<string, string>> {
  return (read) => columnsOf((name) => read(name, 'text'), `coalesce(${read('season', 'int')}, ${season})`);
}

function columnsOf(text: (name: string) => string, season: string): Readonly<Record<string, string>> {
  const fullName = `coalesce(${text('full_name')}, nullif(concat_ws(' ', ${text('first_name')}, ${text('last_name')}), ''))`;
  return {
    season,
    full_name: fullName,
    // A few players have no id yet; until they get one, their key is made of other columns.
    gsis_id: `coalesce(${text('gsis_id')}, 'esb:' || ${text('esb_id')},
      'name:' || ${fullName} || ':' || coalesce(${text('birth_date')}, ${text('team')}, ''))`,
  };
}
