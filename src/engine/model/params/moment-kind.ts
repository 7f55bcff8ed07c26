import type { EpochMs } from '../ids.ts';
import type { Result } from '../result.ts';

/** So many of a unit before (negative) or after the day, month or hour of the start. */
export type Distance = { readonly unit: Unit; readonly amount: number };
export type Unit = 'hour' | 'day' | 'week' | 'month' | 'year';

/** Days, months or hours: what a parameter of that type counts in. A place is a number by which they are in order. */
export type MomentKind = {
  /** With its article, for messages. */
  readonly noun: string;
  readonly example: string;
  /** What a value may be called by its distance from the start, the usual ones first. */
  readonly words: ReadonlyMap<string, Distance>;
  readonly units: readonly Unit[];
  /** The place of a value that is written out; undefined where the text is none, and else what is wrong with it. */
  readonly read: (text: string, zone: string) => Result<number, string> | undefined;
  /** How a text of another notation is written here, for hints. */
  readonly rewrite: (text: string) => string | undefined;
  readonly at: (now: EpochMs, zone: string, distance: Distance) => number;
  readonly next: (place: number, zone: string) => number;
  /** Undefined beyond the years that can be written. */
  readonly format: (place: number, zone: string) => string | undefined;
  /** Parts of a value for file names and partitions, by what is added to the name of its variable. */
  readonly parts: (place: number, zone: string) => Readonly<Record<string, string>>;
};
