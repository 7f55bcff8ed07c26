import type { EpochMs } from '../ids.ts';
import type { ParamSpec } from '../pipeline/pipeline.ts';
import { failed, ok, type Result } from '../result.ts';
import { momentKind, placeOf } from './read-moment.ts';
import { readParam, zoneOf } from './read-param.ts';

/** A matrix with more tasks would not be planned. */
const maxValues = 10_000;

/**
 * What a parameter is given for a run, as it is stored and as tasks get it: one value (see `readParam`), or where a matrix
 * makes a task of each value, several: `2024-01-01..2024-01-31`, `1,2,5..8`. Error: what would be right, for a hint.
 */
export function readParamText(param: ParamSpec, text: string, now: EpochMs | undefined): Result<string, string> {
  if (!hasRanges(param)) return readParam(param, text, now);
  if (param.several !== true) {
    const one = readParam(param, text, now);
    // A comma in a number stands for thousands.
    const parts = param.type === 'int' ? splitRange(param, text).ends : text.split(/,|\.\./);
    const areSeveral = !one.ok && parts.every((value) => readParam(param, value, now).ok);
    return areSeveral ? failed('only one value is allowed here; several are for a parameter of a matrix') : one;
  }
  const parts: string[] = [];
  for (const part of text.split(',')) {
    const range = readRange(param, part, now);
    if (!range.ok) return range;
    parts.push(range.value);
  }
  const written = parts.join(',');
  return now !== undefined && countValues(param, parts) > maxValues
    ? failed(`at most ${maxValues.toLocaleString('en-US')} values are possible`)
    : ok(written);
}

/**
 * The values of a parameter, in their order: of a list its items, of a text with ranges all that lie in them, and of anything
 * else the text alone.
 * @param text as `readParamText` gave it; of any other text, what is no range stands for itself
 */
export function parseParamValues(param: ParamSpec, text: string): readonly string[] {
  if (param.type === 'list') return text === '' ? [] : text.split(',');
  return hasRanges(param) ? text.split(',').flatMap((part) => expandRange(param, part)) : [text];
}

/**
 * The ends of a range and what stands between them; one end of a text that is no range. Whole numbers may also be written
 * `2023-2024`, as people write years.
 */
function splitRange({ type }: ParamSpec, text: string): { readonly ends: readonly string[]; readonly sign: string } {
  const [, first, last] = type === 'int' ? (/^\s*(\d+)-(\d+)\s*$/.exec(text) ?? []) : [];
  return first === undefined || last === undefined
    ? { ends: text.split('..'), sign: '..' }
    : { ends: [first, last], sign: '-' };
}

/** Whether the values of a type follow each other. */
function hasRanges({ type }: ParamSpec): boolean {
  return type === 'int' || momentKind(type) !== undefined;
}

function readRange(param: ParamSpec, text: string, now: EpochMs | undefined): Result<string, string> {
  const { ends, sign } = splitRange(param, text);
  const [first = '', last, ...more] = ends;
  const from = readParam(param, first, now);
  if (!from.ok || last === undefined) return from;
  if (more.length > 0) return failed('a range needs a first and a last value');
  const to = readParam(param, last, now);
  if (!to.ok) return to;
  const range = `${from.value}${sign}${to.value}`;
  if (now === undefined) return ok(range);
  const [low, high] = [placeIn(param, from.value), placeIn(param, to.value)];
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high))
    return failed('the numbers of a range have at most 15 digits');
  return low <= high ? ok(range) : failed(`the lower value of a range comes first: ${to.value}${sign}${from.value}`);
}

function placeIn(param: ParamSpec, value: string): number {
  const kind = momentKind(param.type);
  return kind === undefined ? Number(value) : (placeOf(kind, value, zoneOf(param)) ?? Number.NaN);
}

function countValues(param: ParamSpec, parts: readonly string[]): number {
  const step = param.type === 'hour' ? 3_600_000 : 1;
  return parts.reduce((sum, part) => {
    const [first = '', last = first] = splitRange(param, part).ends;
    return sum + (placeIn(param, last) - placeIn(param, first)) / step + 1;
  }, 0);
}

function expandRange(param: ParamSpec, part: string): readonly string[] {
  const [first = '', last] = splitRange(param, part).ends;
  const [from, to] = [placeIn(param, first), placeIn(param, last ?? first)];
  if (last === undefined || !Number.isFinite(from) || !Number.isFinite(to)) return [part];
  const kind = momentKind(param.type);
  const zone = zoneOf(param);
  const values: string[] = [];
  for (let place = from; place <= to && values.length < maxValues; place = kind?.next(place, zone) ?? place + 1) {
    values.push(kind === undefined ? String(place) : (kind.format(place, zone) ?? part));
  }
  return values;
}
