import type { Club } from './league.ts';
import type { Random } from './random.ts';

export type Matchup = { readonly home: Club; readonly away: Club };

/** The three rounds of a division of four, as pairs of places. */
const DIVISION_ROUNDS = ['03 12', '31 20', '23 01'];

/**
 * Who plays whom in each week of a regular season: every club at most once a week, its division rivals twice, and clubs of
 * the other conference once. With `byes` (indices of weeks) every club has one of these weeks off.
 */
export function drawMatchups(
  clubs: readonly Club[],
  season: { readonly weeks: number; readonly rivalWeeks: readonly number[]; readonly byes: readonly number[] },
  random: Random,
): readonly (readonly Matchup[])[] {
  const firsts = clubs.filter((_, index) => index % 4 === 0);
  const rivals = DIVISION_ROUNDS.map((round) =>
    round.split(' ').flatMap((pair) => firsts.map((first) => pairOf(clubs, clubs.indexOf(first), pair))),
  );
  const returns = rivals.map((round) => round.map(({ home, away }) => ({ home: away, away: home })));
  const [ours, theirs] = [clubs.slice(0, clubs.length / 2), random.shuffled(clubs.slice(clubs.length / 2))];
  const others = random.shuffled(ours.map((_, shift) => acrossConferences(ours, theirs, shift)));
  const rounds = Array.from({ length: season.weeks }, (_, week) => {
    const rivalRound = season.rivalWeeks.indexOf(week);
    return random.shuffled((rivalRound >= 0 ? [...rivals, ...returns][rivalRound] : others.pop()) ?? []);
  });
  const dropped = season.byes.length === 0 ? new Set() : gamesToDrop(rounds, season.byes, clubs, random);
  return rounds.map((round) => round.filter((game) => !dropped.has(game)));
}

function pairOf(clubs: readonly Club[], first: number, pair: string): Matchup {
  const [home, away] = [...pair].map((place) => clubs[first + Number(place)]);
  if (home === undefined || away === undefined) throw new Error('a division has four clubs');
  return { home, away };
}

function acrossConferences(ours: readonly Club[], theirs: readonly Club[], shift: number): readonly Matchup[] {
  return ours.map((club, index) => {
    const other = theirs[(index + shift) % theirs.length] ?? club;
    return (index + shift) % 2 === 0 ? { home: club, away: other } : { home: other, away: club };
  });
}

/** Games to leave out so that every club misses exactly one, at most four in a week: drawn until no club is left over. */
function gamesToDrop(
  rounds: readonly (readonly Matchup[])[],
  weeks: readonly number[],
  clubs: readonly Club[],
  random: Random,
): ReadonlySet<unknown> {
  for (;;) {
    const waiting = new Set(clubs);
    const dropped = new Set<Matchup>();
    for (const week of random.shuffled([...weeks, ...weeks])) {
      const free = (rounds[week] ?? []).filter(({ home, away }) => waiting.has(home) && waiting.has(away));
      for (const game of random.shuffled(free).slice(0, 2)) {
        dropped.add(game);
        waiting.delete(game.home);
        waiting.delete(game.away);
      }
    }
    if (waiting.size === 0) return dropped;
  }
}
