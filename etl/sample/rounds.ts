import type { Club } from './clubs.ts';
import type { Random } from './random.ts';

export type Pairing = { readonly home: Club; readonly away: Club };

/** The weeks of a regular season: every club at most once a week, each division rival twice, nobody else twice. */
export type RoundsPlan = {
  readonly weeks: number;
  /** The weeks in which rivals meet, counted from 0; six for a division of four. */
  readonly rivalWeeks: readonly number[];
  /** Between these weeks every club has one week off; undefined when nobody has. */
  readonly byes?: { readonly from: number; readonly to: number };
};

/** Who plays whom in which week. */
export function drawRounds(clubs: readonly Club[], plan: RoundsPlan, random: Random): readonly (readonly Pairing[])[] {
  const divisions = [...new Set(clubs.map((club) => club.division))].map((division) =>
    random.shuffled(clubs.filter((club) => club.division === division)),
  );
  const others = random.shuffled(roundsAcross(divisions));
  const rivals = [...roundsWithin(divisions), ...roundsWithin(divisions).map(reversed)];
  const rounds = Array.from({ length: plan.weeks }, (_, week) => {
    const round = plan.rivalWeeks.includes(week) ? rivals[plan.rivalWeeks.indexOf(week)] : others.pop();
    if (round === undefined) throw new Error('more weeks than there are opponents');
    return round;
  });
  const { byes } = plan;
  if (byes === undefined) return rounds;
  const free = (week: number) => week >= byes.from && week <= byes.to && !plan.rivalWeeks.includes(week);
  const off = new Set(chooseByes(rounds.map((round, week) => (free(week) ? random.shuffled(round) : []))));
  return rounds.map((round) => round.filter((pairing) => !off.has(pairing)));
}

/** Three rounds in which all clubs of a division meet. */
function roundsWithin(divisions: readonly (readonly Club[])[]): Pairing[][] {
  const pairs = [
    [0, 3, 1, 2],
    [3, 1, 2, 0],
    [2, 3, 0, 1],
  ];
  return pairs.map(([a = 0, b = 0, c = 0, d = 0]) =>
    divisions.flatMap((clubs) => [pairingOf(clubs[a], clubs[b]), pairingOf(clubs[c], clubs[d])]),
  );
}

/** Every club against every one outside its division: division by division, each shifted by one, two, three places. */
function roundsAcross(divisions: readonly (readonly Club[])[]): Pairing[][] {
  const rounds: Pairing[][] = [];
  const last = divisions.length - 1;
  for (let turn = 0; turn < last; turn++) {
    for (let shift = 0; shift < 4; shift++) {
      const round: Pairing[] = [];
      for (let place = 0; place < divisions.length / 2; place++) {
        const first = place === 0 ? last : (turn + place) % last;
        const second = place === 0 ? turn : (turn - place + last) % last;
        for (let club = 0; club < 4; club++) {
          const pairing = pairingOf(divisions[first]?.[club], divisions[second]?.[(club + shift) % 4]);
          round.push((shift + turn + club) % 2 === 0 ? pairing : reverse(pairing));
        }
      }
      rounds.push(round);
    }
  }
  return rounds;
}

/** Games that are not played, so that every club has one of these weeks off, and at most six clubs at once. */
function chooseByes(weeks: readonly (readonly Pairing[])[]): readonly Pairing[] {
  const clubs = new Set(weeks.flat().flatMap(({ home, away }) => [home, away]));
  const chosen: { pairing: Pairing; week: number }[] = [];
  const countOf = (week: number) => chosen.filter((bye) => bye.week === week).length;
  const search = (waiting: ReadonlySet<Club>): boolean => {
    const [club] = waiting;
    if (club === undefined) return true;
    // The weeks with the fewest byes come first, so that they spread.
    for (const [week, pairings] of [...weeks.entries()].sort(([a], [b]) => countOf(a) - countOf(b))) {
      if (countOf(week) === 3) continue;
      const pairing = pairings.find(({ home, away }) => home === club || away === club);
      if (pairing === undefined || !waiting.has(pairing.home) || !waiting.has(pairing.away)) continue;
      chosen.push({ pairing, week });
      if (search(new Set([...waiting].filter((other) => other !== pairing.home && other !== pairing.away))))
        return true;
      chosen.pop();
    }
    return false;
  };
  if (!search(clubs)) throw new Error('these rounds have no byes for all');
  return chosen.map(({ pairing }) => pairing);
}

const pairingOf = (home: Club | undefined, away: Club | undefined): Pairing => {
  if (home === undefined || away === undefined) throw new Error('a division has four clubs');
  return { home, away };
};
const reverse = ({ home, away }: Pairing): Pairing => ({ home: away, away: home });
const reversed = (round: readonly Pairing[]): Pairing[] => round.map(reverse);
