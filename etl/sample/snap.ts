import type { Random } from './random.ts';

/** One snap of the ball, kicks from scrimmage included. */
export type Snap = {
  readonly kind: 'pass' | 'run' | 'scramble' | 'sack' | 'penalty' | 'punt' | 'field-goal' | 'kneel' | 'spike';
  readonly down: number;
  readonly toGo: number;
  /** Yards to the end zone. */
  readonly yardline: number;
  readonly yards: number;
  readonly airYards: number;
  readonly complete: boolean;
  readonly turnover: 'interception' | 'fumble' | undefined;
  readonly touchdown: boolean;
  readonly firstDown: boolean;
  /** A kick that went in. */
  readonly good: boolean;
  readonly foul: Foul | undefined;
  /** Points expected before and won by the snap. */
  points: number;
  added: number;
};

export type Foul = {
  readonly name: string;
  readonly yards: number;
  readonly byOffence: boolean;
  /** The play that did not count; none when it was over before the snap. */
  readonly during: 'pass' | 'run' | undefined;
};

/** A snap of which only what is given happened. */
export function snapOf(kind: Snap['kind'], down: number, toGo: number, yardline: number, rest: Partial<Snap>): Snap {
  return {
    kind,
    down,
    toGo,
    yardline,
    yards: 0,
    airYards: 0,
    complete: false,
    turnover: undefined,
    touchdown: false,
    firstDown: false,
    good: false,
    foul: undefined,
    points: 0,
    added: 0,
    ...rest,
  };
}

const FOULS: readonly (readonly [string, number, 'offence' | 'defence', 'before' | 'during'])[] = [
  ['False Start', 5, 'offence', 'before'],
  ['Delay of Game', 5, 'offence', 'before'],
  ['Defensive Offside', 5, 'defence', 'before'],
  ['Offensive Holding', 10, 'offence', 'during'],
  ['Defensive Holding', 5, 'defence', 'during'],
  ['Defensive Pass Interference', 16, 'defence', 'during'],
  ['Illegal Use of Hands', 5, 'defence', 'during'],
];

/** A foul that undoes a snap. */
export function drawFoul(random: Random): Foul {
  const [name, yards, by, when] = random.pick(FOULS);
  const during = when === 'before' ? undefined : name.includes('Pass') || random.chance(0.55) ? 'pass' : 'run';
  return { name, yards, byOffence: by === 'offence', during };
}
