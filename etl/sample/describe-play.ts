import type { Game } from './game.ts';
import type { Player } from './people.ts';
import { otherSide, type Play, type Squads } from './play.ts';

/** The play in the words of the official report. */
export function describePlay(game: Game, play: Play, squads: Squads): string {
  const side = play.offence ?? 'home';
  const { passer, returner, kicker, punter, fouling } = play.people;
  const code = { own: game[side].code, other: game[otherSide(side)].code };
  const at = `(${clockText(play.clock).replace(/^0+/, '')})`;
  const snapper = `Center-${named(byDepth(squads[side], 'LS'))}`;
  const holder = `${snapper}, Holder-${named(byDepth(squads[side], 'P'))}`;
  switch (play.type) {
    case '':
      return play.word === 'END_QUARTER'
        ? `END QUARTER ${play.quarter}`
        : play.word === 'END_GAME'
          ? 'END GAME'
          : 'GAME';
    case 'kickoff': {
      const back = 100 - play.drive.drive.start;
      return `${named(kicker)} kicks ${play.kick} yards from ${code.other} 35 to ${code.own} 0. ${named(returner)} to ${code.own} ${back} for ${back} yards.`;
    }
    case 'extra_point':
      return `${named(kicker)} extra point is ${play.points > 0 ? 'GOOD' : 'No Good, Wide Right'}, ${holder}.`;
    case 'field_goal':
      return `${at} ${named(kicker)} ${play.kick} yard field goal is ${play.points > 0 ? 'GOOD' : 'No Good, Wide Left'}, ${holder}.`;
    case 'punt':
      return `${at} ${named(punter)} punts ${play.kick} yards, ${snapper}, fair catch by ${named(returner)}.`;
    case 'qb_kneel':
      return `${at} ${named(passer)} kneels to ${fieldSpot(play, game, -1)} for -1 yards.`;
    case 'qb_spike':
      return `${at} ${named(passer)} spiked the ball to stop the clock.`;
    case 'no_play': {
      const { foul } = play.snap ?? {};
      if (foul === undefined) return timeoutText(game, play);
      const by = `${foul.byOffence ? code.own : code.other}-${named(fouling)}`;
      return `${at} (Shotgun) PENALTY on ${by}, ${foul.name}, ${foul.yards} yards, enforced at ${fieldSpot(play, game, 0)} - No Play.`;
    }
    case 'pass':
    case 'run':
      return play.isTry ? tryText(play) : `${at} ${snapText(game, play)}`;
  }
}

function timeoutText(game: Game, { scorer = 'home', timeouts, clock }: Play): string {
  return `Timeout #${3 - timeouts[scorer]} by ${game[scorer].code} at ${clockText(clock)}.`;
}

function tryText({ people, points }: Play): string {
  const how = points > 0 ? 'is complete. ATTEMPT SUCCEEDS.' : 'is incomplete. ATTEMPT FAILS.';
  return `TWO-POINT CONVERSION ATTEMPT. ${named(people.passer)} pass to ${named(people.receiver)} ${how}`;
}

function snapText(game: Game, play: Play): string {
  const { snap, yards, id } = play;
  const { passer, receiver, rusher, tackler, interceptor } = play.people;
  const spot = fieldSpot(play, game, yards);
  const ends = yards === 0 ? 'for no gain' : `for ${yards} yard${Math.abs(yards) === 1 ? '' : 's'}`;
  const where = snap?.touchdown ? `${ends}, TOUCHDOWN` : `to ${spot} ${ends}${tackled(play)}`;
  // Quotes within a text: rare, and good to have.
  const review = id % 211 === 0 ? ' The ruling "down by contact" was upheld.' : '';
  if (snap?.kind === 'sack')
    return `(Shotgun) ${named(passer)} sacked at ${spot} ${ends} (${named(tackler)}).${review}`;
  if (play.type === 'run') {
    const how = snap?.kind === 'scramble' ? 'scrambles' : (RUNS[id % RUNS.length] ?? '');
    return `${named(rusher)} ${how} ${where}.${review}`;
  }
  const direction = `${(snap?.airYards ?? 0) >= 15 ? 'deep' : 'short'} ${DIRECTIONS[id % 3]}`;
  const throwing = `(Shotgun) ${named(passer)} pass`;
  if (snap?.turnover === 'interception') {
    return `${throwing} ${direction} intended for ${named(receiver)} INTERCEPTED by ${named(interceptor)}.`;
  }
  if (!snap?.complete) return `${throwing} incomplete ${direction} to ${named(receiver)}.`;
  return `${throwing} ${direction} to ${named(receiver)} ${where}.${review}`;
}

/** Where the ball is, seen from the middle: `KC 35`, after so many yards. */
export function fieldSpot(play: Play, game: Game, gained: number): string {
  const yards = (play.yardline ?? 50) - gained;
  if (yards === 50) return 'MID 50';
  const side = play.offence ?? 'home';
  return yards < 50 ? `${game[otherSide(side)].code} ${yards}` : `${game[side].code} ${100 - yards}`;
}

/** `07:05`. */
export function clockText(seconds: number): string {
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}

export const DIRECTIONS = ['left', 'right', 'middle'] as const;

const RUNS = ['left tackle', 'right guard', 'up the middle', 'left end', 'right tackle', 'left guard', 'right end'];

function tackled({ people }: Play): string {
  if (people.tackler === undefined) return '';
  const helper = people.helper === undefined ? '' : `; ${named(people.helper)}`;
  return ` (${named(people.tackler)}${helper})`;
}

function named(player: Player | undefined): string {
  return player === undefined ? '' : `${player.jersey}-${player.short}`;
}

function byDepth(squad: readonly Player[], depth: string): Player | undefined {
  return squad.find((player) => player.depth === depth);
}
