import type pg from 'pg';
import type { NflverseFile } from '../sources/nflverse.ts';
import { openTables } from '../tables/open-tables.ts';
import type { TaskContext } from '../task-context.ts';
import { TaskError } from '../task-error.ts';
import type { StagedCsv } from './csv/stage-csv.ts';
import { type ColumnSource, namesInFile, type ReadCell, typeRows } from './csv/typed-rows.ts';
import { type FileLoadResult, loadFile } from './load-file.ts';
import { formatFindings } from './load-findings.ts';
import { loadSeasons } from './load-seasons.ts';

const CELLS: Readonly<Record<string, ColumnSource>> = {
  game_id: 'text',
  play_id: 'int',
  week: 'int',
  season_type: 'text',
  order_sequence: 'double',
  home_team: 'team',
  away_team: 'team',
  posteam: 'team',
  defteam: 'team',
  qtr: 'int',
  down: 'int',
  ydstogo: 'int',
  yardline_100: 'int',
  game_seconds_remaining: 'int',
  play_type: 'text',
  pass: 'flag',
  rush: 'flag',
  special: 'flag',
  qb_dropback: 'flag',
  qb_scramble: 'flag',
  sack: 'flag',
  interception: 'flag',
  touchdown: 'flag',
  penalty: 'flag',
  complete_pass: 'flag',
  first_down: 'flag',
  yards_gained: 'int',
  air_yards: 'int',
  score_differential: 'int',
  posteam_score_post: 'int',
  defteam_score_post: 'int',
  epa: 'double',
  qb_epa: 'double',
  wp: 'double',
  wpa: 'double',
  success: 'flag',
  cpoe: 'double',
  xpass: 'double',
  passer_player_id: 'text',
  rusher_player_id: 'text',
  receiver_player_id: 'text',
  stadium: 'text',
  desc: 'text',
};

const KEY = ['game_id', 'play_id'];
const COLUMNS = [...Object.keys(CELLS).filter((column) => !KEY.includes(column)), 'season'];
/** Columns that the aggregation cannot do without. */
const REQUIRED = [...KEY, 'week', 'posteam', 'defteam', 'epa', 'pass', 'rush'];

/** Loads the play-by-play of the seasons, several at once as far as the connections go. Source: nflverse (CC BY 4.0). */
export async function loadPlays(context: TaskContext): Promise<void> {
  await loadSeasons(context, await openTables(context), 'plays', (client, season, file, onProgress) =>
    loadSeason(context, client, season, file, onProgress),
  );
}

async function loadSeason(
  context: TaskContext,
  client: pg.Client,
  season: number,
  file: NflverseFile,
  onProgress: (fraction: number) => void,
): Promise<FileLoadResult> {
  const result = await loadFile(context, client, file, {
    part: { table: 'plays', season },
    key: KEY,
    columns: COLUMNS,
    required: REQUIRED,
    wanted: [...namesInFile(CELLS), 'season'],
    program: JSON.stringify(CELLS),
    type: (staged, typed) => type(client, staged, typed, season, file.name),
    seasons: async () => [season],
    onProgress,
  });
  if (result.fresh) {
    context.log(`season ${season}: ${result.rows} plays; the file has not changed`);
    return result;
  }
  context.log(`season ${season}: ${result.rows} plays, ${result.rowsChanged} changed`);
  for (const finding of formatFindings([result.findings])) context.log(`warning: season ${season}: ${finding}`);
  return result;
}

async function type(client: pg.Client, staged: StagedCsv, typed: string, season: number, source: string) {
  const computed = (read: ReadCell) => ({ season: `coalesce(${read('season', 'int')}, ${season})` });
  const dropped = await typeRows(client, typed, staged, { source, columns: CELLS, computed });
  const { rows } = await client.query<{ others: string; incomplete: string }>(
    `SELECT count(*) FILTER (WHERE season <> $1) AS others,
       count(*) FILTER (WHERE game_id IS NULL OR play_id IS NULL OR week IS NULL) AS incomplete FROM pg_temp.${typed}`,
    [season],
  );
  const { others, incomplete } = rows[0] ?? { others: '0', incomplete: '0' };
  if (others !== '0') throw new TaskError(`${source}: ${others} plays are of another season; the file is not loaded`);
  if (incomplete !== '0')
    throw new TaskError(`${source}: ${incomplete} plays lack game_id, play_id or week; the file is not loaded`);
  return dropped;
}
