import type { Style } from '../../theme.ts';

/** A measured series to draw. */
export type Meter = {
  readonly name: 'CPU' | 'Memory' | 'Connections';
  /** Oldest first, one per sampling interval; percent from 0 to 100, NaN = not measured. */
  readonly samples: readonly number[];
  readonly unit: 'percent' | 'count';
  /** The top of the scale. */
  readonly max: number;
  /** Above it fewer tasks are started, or none. */
  readonly limit?: number;
  /** Shown beside the latest value: `3.1 of 7.8 GB`. */
  readonly reading?: string;
};

/** The latest value; undefined when it was not measured. */
export function latestOf({ samples }: Meter): number | undefined {
  const last = samples[samples.length - 1];
  return last !== undefined && Number.isFinite(last) ? last : undefined;
}

export function meterText(value: number | undefined, { unit, max }: Meter): string {
  if (value === undefined) return '-';
  return unit === 'percent' ? `${Math.round(value)}%` : `${Math.round(value)}/${Math.round(max)}`;
}

export function meterStyle({ name }: Meter): Style {
  return name === 'CPU' ? 'cpu' : name === 'Memory' ? 'memory' : 'connections';
}

export function isOverLimit(meter: Meter): boolean {
  const latest = latestOf(meter);
  return latest !== undefined && meter.limit !== undefined && latest > meter.limit;
}

export function shortName({ name }: Meter): string {
  return name === 'CPU' ? 'CPU' : name === 'Memory' ? 'Mem' : 'DB';
}
