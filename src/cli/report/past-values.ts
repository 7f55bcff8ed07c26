import type { ReportSource } from './parts.ts';

/** What a check measured in the runs before this one, oldest first, and in this one. */
export type PastValues = {
  readonly values: readonly number[];
  /** Whether the last one is of this run. */
  readonly hasNow: boolean;
};

/** By check, its one number of each run with the same parameters; a check of another kind measures something else. */
export function pastValues({ report, comparable }: ReportSource): ReadonlyMap<string, PastValues> {
  const { performance } = report;
  const kinds = new Map(performance?.checks?.map(({ check, kind }) => [check, kind]));
  const values = new Map<string, number[]>();
  for (const { checks = [] } of performance === undefined ? comparable : [...comparable, performance]) {
    for (const { check, kind, value } of checks) {
      if (value === undefined || !Number.isFinite(value) || kinds.get(check) !== kind) continue;
      const known = values.get(check);
      if (known === undefined) values.set(check, [value]);
      else known.push(value);
    }
  }
  const now = new Map(performance?.checks?.map(({ check, value }) => [check, value]));
  return new Map([...values].map(([check, all]) => [check, { values: all, hasNow: now.get(check) !== undefined }]));
}
