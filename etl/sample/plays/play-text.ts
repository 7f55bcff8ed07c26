import type { Game } from '../season.ts';
import { otherSide, type Play, type PlayKind } from './play.ts';

/** Descriptions as in the official report. Names in braces are roles of players, or one of `VALUES`. */
const TEXTS: Readonly<Record<PlayKind, string>> = {
  gameStart: 'GAME',
  quarterEnd: 'END QUARTER {quarter}',
  gameEnd: 'END GAME',
  timeout: 'Timeout #{number} by {team} at {clock}.',
  kickoff: '{kicker} kicks {kick} yards from {other} 35 to {own} 0. {kickoff_returner} to {start}.',
  completion: '({clock}) (Shotgun) {passer} pass {length} {direction} to {receiver} {gain}.',
  incompletion: '({clock}) (Shotgun) {passer} pass incomplete {length} {direction} to {receiver}.',
  interception:
    '({clock}) (Shotgun) {passer} pass {length} {direction} intended for {receiver} INTERCEPTED by {interception}.',
  sack: '({clock}) (Shotgun) {passer} sacked {gain}.',
  scramble: '({clock}) {rusher} scrambles {direction} {gain}.',
  run: '({clock}) {rusher} {direction} {gain}.',
  kneel: '({clock}) {rusher} kneels {gain}.',
  spike: '({clock}) {passer} spiked the ball to stop the clock.',
  foulBeforeSnap: '({clock}) PENALTY on {fouling}-{penalty}, {foul}, enforced at {spot} - No Play.',
  foulOnPass: '({clock}) (Shotgun) PENALTY on {fouling}-{penalty}, {foul}, enforced at {spot} - No Play.',
  foulOnRun: '({clock}) PENALTY on {fouling}-{penalty}, {foul}, enforced at {spot} - No Play.',
  punt: '({clock}) {punter} punts {kick} yards, fair catch by {punt_returner}.',
  fieldGoal: '({clock}) {kicker} {kick} yard field goal is {good}.',
  extraPoint: '{kicker} extra point is {good}.',
  twoPointTry: 'TWO-POINT CONVERSION ATTEMPT. {passer} pass to {receiver}. ATTEMPT {success}.',
};

const VALUES: Readonly<Record<string, (play: Play, game: Game) => string | number | undefined>> = {
  quarter: ({ quarter }) => quarter,
  number: ({ timeouts, timeoutBy = 'home' }) => 3 - timeouts[timeoutBy],
  team: ({ timeoutBy = 'home' }, game) => game[timeoutBy].code,
  clock: ({ clock }) => clockText(clock),
  kick: ({ kick }) => kick,
  own: ({ drive }, game) => game[drive.side].code,
  other: ({ drive }, game) => game[otherSide(drive.side)].code,
  start: ({ drive }, game) => `${game[drive.side].code} ${100 - drive.start} for ${100 - drive.start} yards`,
  length: ({ airYards = 0 }) => (airYards >= 15 ? 'deep' : 'short'),
  direction: ({ id }) => DIRECTIONS[id % 3],
  gain: (play, game) => {
    const { yards, flags } = play;
    const tacklers =
      named(play, 'solo_tackle_1') ||
      ['assist_tackle_1', 'assist_tackle_2'].map((role) => named(play, role)).join('; ');
    const end = flags.has('touchdown') ? ', TOUCHDOWN' : ` to ${spot(play, game, yards)} (${tacklers})`;
    return `for ${yards === 0 ? 'no gain' : `${yards} yards`}${end}`;
  },
  fouling: ({ foul, drive }, game) => game[foul?.byOffence ? drive.side : otherSide(drive.side)].code,
  foul: ({ foul }) => `${foul?.name}, ${foul?.yards} yards`,
  spot: (play, game) => spot(play, game, 0),
  good: ({ points }) => (points > 0 ? 'GOOD' : 'No Good, Wide Left'),
  success: ({ points }) => (points > 0 ? 'SUCCEEDS' : 'FAILS'),
};

export function describePlay(play: Play, game: Game): string {
  const text = TEXTS[play.kind].replace(/\{(\w+)\}/g, (_, name) =>
    String(VALUES[name]?.(play, game) ?? named(play, name)),
  );
  // Some descriptions have quotes, as in the real file.
  return play.id % 211 === 0 ? `${text} The ruling "down by contact" was upheld.` : text;
}

function named({ people }: Play, role: string): string {
  const player = people[role];
  return player === undefined ? '' : `${player.jersey}-${player.short}`;
}

export const DIRECTIONS = ['left', 'right', 'middle'] as const;

/** Where the ball is after so many yards: `KC 35`. */
export function spot({ yardline, drive }: Play, game: Game, gained: number): string {
  const yards = (yardline ?? 50) - gained;
  if (yards === 50) return 'MID 50';
  return yards < 50 ? `${game[otherSide(drive.side)].code} ${yards}` : `${game[drive.side].code} ${100 - yards}`;
}

/** `07:05`. */
export function clockText(seconds: number): string {
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return `${minutes < 10 ? '0' : ''}${minutes}:${rest < 10 ? '0' : ''}${rest}`;
}
