import type { Location } from './diagnostic.ts';
import type { EpochMs } from './ids.ts';

/** From the least to the most important. */
export const priorities = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof priorities)[number];

/** A text of a request, and where it stands. */
export type Written = { readonly text: string; readonly at: Location };

/** A requirement as it was understood, and as it was written. */
type Understood<Value> = Written & { readonly value: Value };

/**
 * What another team asks for: a `data_refresh_request` without mistakes of its own. What its words mean is a matter of the
 * pipeline.
 */
export type DataRequest = {
  readonly id?: string;
  readonly from: string;
  readonly to?: string;
  readonly note?: string;
  readonly priority: Priority;
  readonly createdAt?: EpochMs;
  /** When it is needed. */
  readonly deadline?: Understood<EpochMs>;
  /** What is done when the deadline cannot be met. */
  readonly ifLate: 'run' | 'refuse';
  /** Words; empty = everything. */
  readonly scope: readonly Written[];
  /** The values of the keys that the pipeline declares in `requests.params`, by key. */
  readonly params: ReadonlyMap<string, readonly Written[]>;
  /** How old the data may be, in ms. */
  readonly freshness?: Understood<number>;
  /** Nothing may be missing. */
  readonly completeness?: Written;
  /** Which checks are asked: those of all that is run, none of them, or these. */
  readonly validate: boolean | readonly Written[];
  /** Names; undefined = all of the scope. */
  readonly deliverables?: readonly Written[];
};
