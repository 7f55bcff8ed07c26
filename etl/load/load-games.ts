import type pg from 'pg';
import { fetchSchedule } from '../sources/nflverse.ts';
import { staleCopyNote } from '../sources/stale-copy-note.ts';
import type { Part } from '../tables/load-ledger.ts';
import { openTables } from '../tables/open-tables.ts';
import type { TaskContext } from '../task-context.ts';
import { TaskError } from '../task-error.ts';
import { type ColumnSource, namesInFile, type ReadCell, typeRows } from './csv/typed-rows.ts';
import { loadFile } from './load-file.ts';
import { formatFindings } from './load-findings.ts';

const CELLS: Readonly<Record<string, ColumnSource>> = {
  game_id: 'text',
  season: 'int',
  game_type: 'text',
  week: 'int',
  gameday: 'date',
  gametime: 'time',
  home_team: 'team',
  away_team: 'team',
  home_score: 'int',
  away_score: 'int',
  location: 'text',
  overtime: 'flag',
  home_rest: 'int',
  away_rest: 'int',
  spread_line: 'numeric',
  total_line: 'numeric',
  home_moneyline: 'int',
  away_moneyline: 'int',
  div_game: 'flag',
  surface: 'text',
  temp: 'numeric',
  wind: 'numeric',
  stadium_id: 'text',
  stadium: 'text',
  old_game_id: 'text',
  home_coach: 'text',
  away_coach: 'text',
  file_home_team: { kind: 'text', from: 'home_team' },
  file_away_team: { kind: 'text', from: 'away_team' },
};

const REQUIRED = ['game_id', 'season', 'game_type', 'week', 'gameday', 'home_team', 'away_team'];

const COLUMNS = [...Object.keys(CELLS).filter((column) => column !== 'game_id'), 'kickoff', 'neutral', 'roof'];

/** The schedule, or one season of it, as an input of other tables; `loaded_at` is left out, since it is no fact of a game. */
export function gamesPart(season?: number): Part {
  return { table: 'games', columns: ['game_id', ...COLUMNS], ...(season === undefined ? {} : { season }) };
}

/** Loads the schedule, all seasons that its file has. Source: nflverse (CC BY 4.0). */
export async function loadGames(context: TaskContext): Promise<void> {
  const client = await openTables(context);
  const file = await fetchSchedule(context);
  const loaded = await loadFile(context, client, file, {
    part: gamesPart(),
    key: ['game_id'],
    columns: COLUMNS,
    required: REQUIRED,
    wanted: [...namesInFile(CELLS), 'roof'],
    program: JSON.stringify(CELLS),
    type: async (staged, typed) => {
      const dropped = await typeRows(client, typed, staged, { source: file.name, columns: CELLS, computed });
      await rejectMissingKeys(client, typed, file.name);
      return dropped;
    },
    seasons: async (typed) => {
      const { rows } = await client.query<{ season: number }>(`SELECT DISTINCT season FROM pg_temp.${typed}`);
      return rows.map((row) => row.season);
    },
  });
  if (file.origin !== 'offline') await confirm(client);
  await warnOfAbsentSeasons(context, client);
  const { rows, rowsChanged, findings } = loaded;
  const unchanged = loaded.fresh ? ['the schedule has not changed'] : [];
  const notes = [...unchanged, ...formatFindings([findings]), ...staleCopyNote([file])];
  context.log([`${rows} games, ${rowsChanged} changed`, ...notes].join(', '));
  context.report({ progress: 1, message: notes.join(', '), rows, rows_changed: rowsChanged });
}

function computed(read: ReadCell): Readonly<Record<string, string>> {
  const roof = read('roof', 'text');
  return {
    // Times in the file are Eastern time, wherever the game is played.
    kickoff: `(${read('gameday', 'date')} + ${read('gametime', 'time')}) AT TIME ZONE 'America/New_York'`,
    neutral: `coalesce(${read('location', 'text')} = 'Neutral', false)`,
    roof: `CASE WHEN ${roof} IN ('outdoors', 'dome', 'closed', 'open') THEN ${roof} END`,
  };
}

/** Names the games that lack a required column; the error of a constraint would not name them. */
async function rejectMissingKeys(client: pg.Client, typed: string, source: string): Promise<void> {
  const missing = REQUIRED.map((column) => `${column} IS NULL`).join(' OR ');
  const { rows } = await client.query<{ game: string }>(
    `SELECT coalesce(game_id, 'a game without game_id') AS game FROM pg_temp.${typed} WHERE ${missing} LIMIT 3`,
  );
  if (rows.length === 0) return;
  const games = rows.map((row) => row.game).join(', ');
  throw new TaskError(`${source}: ${games}: one of ${REQUIRED.join(', ')} is empty; the file is not loaded`);
}

/** Stamps the rows that the source has just confirmed, unless that was done within the hour. */
async function confirm(client: pg.Client): Promise<void> {
  await client.query("UPDATE games SET loaded_at = now() WHERE loaded_at < now() - interval '1 hour'");
}

async function warnOfAbsentSeasons(context: TaskContext, client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ season: number }>(
    'SELECT season FROM unnest($1::int[]) AS season WHERE NOT EXISTS (SELECT FROM games g WHERE g.season = season.season)',
    [context.seasons],
  );
  const absent = rows.map((row) => row.season);
  if (absent.length === context.seasons.length) {
    throw new TaskError(`the schedule has none of the seasons ${absent.join(', ')}`, { exitCode: 2 });
  }
  if (absent.length > 0) context.log(`warning: the schedule does not have season ${absent.join(', ')} yet`);
}
