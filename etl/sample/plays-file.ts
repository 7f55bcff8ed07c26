import { clubsOf } from './clubs.ts';
import type { Game } from './game.ts';
import { playsOf } from './game-plays.ts';
import { kickoffWeather } from './kickoff-weather.ts';
import { coachOf, squadOf } from './people.ts';
import type { Play } from './play.ts';
import { GAME_COLUMNS, playCells, startOf } from './play-cells.ts';
import { PLAY_COLUMNS } from './play-columns.ts';
import { tallied } from './play-models.ts';
import { addTo, type Cells, emptyTallies, type GameFacts, numberText, type PlayRow } from './play-row.ts';
import { hashOf } from './random.ts';
import { oldGameId } from './schedule-file.ts';
import { makeSeason } from './season.ts';
import type { World } from './world.ts';

/** The text of `play_by_play_YYYY.csv`, a game at a time, so that a season is never in memory as a whole. */
export function* playTexts(world: World, season: number): Generator<Buffer> {
  yield Buffer.from(`${PLAY_COLUMNS.join(',')}\n`);
  const squads = new Map(clubsOf(world).map((club) => [club, squadOf(club, season)]));
  for (const [index, game] of makeSeason(world, season).games.entries()) {
    const plays = quirksOf(
      world,
      season,
      index,
      playsOf(game, {
        home: squads.get(game.home) ?? [],
        away: squads.get(game.away) ?? [],
      }),
    );
    if (plays.length > 0) yield gameBytes(game, plays);
  }
}

/** A row is mostly what it was in the row before: what a whole game has in common is made once. */
function gameBytes(game: Game, plays: readonly Play[]): Buffer {
  const open = game.venue.roof === 'outdoors' || game.venue.roof === 'open';
  const facts: GameFacts = {
    oldGameId: oldGameId(game),
    apiId: `${hashOf(game.id).toString(16).padStart(8, '0')}-0000-11ee-8000-${hashOf(`${game.id} api`).toString(16).padStart(12, '0')}`,
    coach: { home: coachOf(game.home, game.season), away: coachOf(game.away, game.season) },
    weather: open ? kickoffWeather(game) : undefined,
    homeOpens: plays[1]?.offence === 'away' ? 1 : 0,
  };
  const code = { home: game.home.code, away: game.away.code };
  const startMs = startOf(game.day, game.time);
  const tallies = emptyTallies();
  let writers: readonly Writer[] | undefined;
  let out = Buffer.allocUnsafe(plays.length * 2300);
  let length = 0;
  for (const play of plays) {
    const row = rowOf({ game, play, code, facts, startMs, tallies });
    tallied(row, (name, value) => addTo(tallies, name, value));
    writers ??= writersFor(row);
    if (out.length - length < LONGEST_ROW) out = Buffer.concat([out], out.length * 2);
    length = writeRow(out, length, writers, row);
  }
  return out.subarray(0, length);
}

function rowOf(given: Omit<PlayRow, 'thrown' | 'epa' | 'homeWp' | 'awayWp'>): PlayRow {
  const { play } = given;
  return {
    ...given,
    thrown: play.type === 'pass' && play.snap?.kind === 'pass',
    epa: play.epa === undefined ? '' : numberText(play.epa),
    homeWp: numberText(play.homeWp),
    awayWp: numberText(1 - play.homeWp),
  };
}

/** A cell of the row, and the bytes that stand before it whatever the row. */
type Writer = { readonly before: Uint8Array; readonly cell: Cells[string] | undefined };

/** In bytes, with much to spare. */
const LONGEST_ROW = 1 << 14;

/** One loop over all bytes, since a season has a hundred million: joining strings takes twice as long. */
function writeRow(out: Uint8Array, from: number, writers: readonly Writer[], row: PlayRow): number {
  let at = from;
  for (const { before, cell } of writers) {
    for (let index = 0; index < before.length; index++) out[at++] = before[index] as number;
    if (cell === undefined) continue;
    const value = cell(row);
    const text = typeof value === 'string' ? value : String(value);
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code < 0x80) out[at++] = code;
      else {
        // Names have accents, and nothing beyond.
        out[at++] = 0xc0 | (code >> 6);
        out[at++] = 0x80 | (code & 0x3f);
      }
    }
  }
  return at;
}

const CELLS = playCells();

/** The row's writers in order; commas, empty columns and what is the same in the whole game melt into single pieces. */
function writersFor(row: PlayRow): readonly Writer[] {
  const writers: Writer[] = [];
  let fixed = '';
  for (const [index, column] of PLAY_COLUMNS.entries()) {
    const cell = CELLS[column];
    const end = index === PLAY_COLUMNS.length - 1 ? '\n' : ',';
    if (cell !== undefined && !GAME_COLUMNS.has(column)) {
      writers.push({ before: Buffer.from(fixed), cell });
      fixed = end;
    } else fixed += `${cell?.(row) ?? ''}${end}`;
  }
  writers.push({ before: Buffer.from(fixed), cell: undefined });
  return writers;
}

/** What is wrong with the data, as it is with the real ones. */
function quirksOf(world: World, season: number, index: number, plays: readonly Play[]): readonly Play[] {
  // Some games of 2000 have no plays, and some plays share their number with another.
  if (season === 2000 && index === 20) return [];
  if (season === 2000 && index === 21) {
    const [fourth, fifth] = [plays[4], plays[5]];
    if (fourth !== undefined && fifth !== undefined) fifth.id = fourth.id;
  }
  if (world.corrections === 0 || index > 1) return plays;
  if (index === 1) return plays.filter((_, nth) => nth !== 12);
  // The league found out that a play belonged to nobody.
  return plays.map((play, nth) => (nth === 6 ? { ...play, offence: undefined, epa: 0, snap: undefined } : play));
}
