import { ownValue } from '../../model/own-value.ts';
import type { ParamSpec } from '../../model/pipeline/pipeline.ts';

/** The parameters of a run, masked; absent when it had none. */
export type RunParams = Readonly<Record<string, string>> | undefined;

/** What is known of the parameters of an earlier run. */
export type PastParams = {
  readonly params?: RunParams;
  /** Names of those that say for which day, month or hour it was. */
  readonly moments?: readonly string[];
};

/** Whether two runs had the same values of the same parameters. */
export function haveSameParams(one: RunParams = {}, other: RunParams = {}): boolean {
  return areEqual(one, other, () => false);
}

/**
 * Whether a run has as much to do as an earlier one: with the same values of the same parameters, because a load of ten
 * seasons takes longer than one of two. The load of one day is comparable with that of any other.
 */
export function areComparable({ params = {}, moments = [] }: PastParams, now: RunParams = {}): boolean {
  const mayDiffer = new Set(variedParams({ params, moments }));
  return areEqual(params, now, (name) => mayDiffer.has(name) && isOne(now[name]));
}

/** The parameters of a run that may have another value in a run with which it is comparable. */
export function variedParams({ params = {}, moments = [] }: PastParams): readonly string[] {
  // Records are files, which may be of another version.
  return Array.isArray(moments) ? (moments as readonly string[]).filter((name) => isOne(ownValue(params, name))) : [];
}

/** The parameters that say for which day, month or hour a run is; undefined without any. */
export function momentsOf(specs: readonly ParamSpec[], params: RunParams = {}): readonly string[] | undefined {
  const names = specs.filter(({ name, type }) => Object.hasOwn(params, name) && isMoment(type)).map(({ name }) => name);
  return names.length === 0 ? undefined : names;
}

function isMoment(type: ParamSpec['type']): boolean {
  return type === 'date' || type === 'month' || type === 'hour';
}

/** And neither a range nor a list of them. */
function isOne(value: string | undefined): boolean {
  return value !== undefined && !/,|\.\./.test(value);
}

function areEqual(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
  mayDiffer: (name: string) => boolean,
): boolean {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => one[name] === other[name] || (Object.hasOwn(other, name) && mayDiffer(name)))
  );
}
