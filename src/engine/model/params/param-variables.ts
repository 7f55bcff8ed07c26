import type { ParamSpec, ParamType } from '../pipeline/pipeline.ts';
import { momentKind, placeOf } from './read-moment.ts';
import { zoneOf } from './read-param.ts';

/**
 * The variables in which a task finds a value: the one of that name, and of a day, month or hour also its parts and the
 * value after it (`ETL_PARAM_DAY_YYYYMMDD`, `ETL_PARAM_DAY_NEXT`). A range has no parts.
 * @param param of which it is a value; undefined for one of no parameter
 */
export function variablesOf(
  name: string,
  param: ParamSpec | undefined,
  value: string,
): Readonly<Record<string, string>> {
  const kind = momentKind(param?.type);
  const zone = zoneOf(param ?? {});
  const place = kind === undefined ? undefined : placeOf(kind, value, zone);
  if (kind === undefined || place === undefined) return { [name]: value };
  const parts = Object.entries(kind.parts(place, zone)).map(([part, text]) => [`${name}_${part}`, text]);
  const next = kind.format(kind.next(place, zone), zone) ?? '';
  return { [name]: value, ...Object.fromEntries(parts), [`${name}_NEXT`]: next };
}

/** What is added to the names of the variables of a parameter of that type. */
export function variableSuffixes(type: ParamType | undefined): readonly string[] {
  const kind = momentKind(type);
  return kind === undefined ? [] : [...Object.keys(kind.parts(0, 'UTC')), 'NEXT'];
}

/** The variable in which every task finds the value of a parameter. */
export function variableOfParam(name: string): string {
  return `ETL_PARAM_${name.toUpperCase()}`;
}
