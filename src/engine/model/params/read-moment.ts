import type { EpochMs } from '../ids.ts';
import type { ParamType } from '../pipeline/pipeline.ts';
import { failed, ok, type Result } from '../result.ts';
import { didYouMean } from '../text/did-you-mean.ts';
import { dayKind } from './day-kind.ts';
import { hourKind } from './hour-kind.ts';
import type { Distance, MomentKind, Unit } from './moment-kind.ts';
import { monthKind } from './month-kind.ts';

const kinds = { date: dayKind, month: monthKind, hour: hourKind } as const;

/** Undefined for types whose values are no moments. */
export function momentKind(type: ParamType | undefined): MomentKind | undefined {
  return type === 'date' || type === 'month' || type === 'hour' ? kinds[type] : undefined;
}

/**
 * A day, month or hour as it is written once and for all. One that depends on the moment of the start is computed from `now`,
 * and stays as it is without. Error: what would be right, for a hint.
 */
export function readMoment(
  kind: MomentKind,
  text: string,
  zone: string,
  now: EpochMs | undefined,
): Result<string, string> {
  const written = text.trim();
  const distance = readDistance(kind, written);
  if (distance !== undefined)
    return now === undefined ? ok(written) : formatted(kind, kind.at(now, zone, distance), zone);
  const place = kind.read(written, zone);
  if (place === undefined) return failed(hintFor(kind, written));
  return place.ok ? formatted(kind, place.value, zone) : place;
}

/** The place of a value that `readMoment` gave; undefined for any other text. */
export function placeOf(kind: MomentKind, text: string, zone: string): number | undefined {
  const place = kind.read(text, zone);
  return place?.ok ? place.value : undefined;
}

/** Whether a value depends on the moment of the start. */
export function isRelative(kind: MomentKind, text: string): boolean {
  return readDistance(kind, text.trim()) !== undefined;
}

function formatted(kind: MomentKind, place: number, zone: string): Result<string, string> {
  const text = kind.format(place, zone);
  return text === undefined ? failed('the year must be from 1000 to 9999') : ok(text);
}

function readDistance({ words, units }: MomentKind, text: string): Distance | undefined {
  const word = words.get(text.toLowerCase());
  if (word !== undefined) return word;
  const [, amount, unit] = /^([+-] ?\d{1,6}) ?(hour|day|week|month|year)s?$/i.exec(text) ?? [];
  const known = units.find((one) => one === unit?.toLowerCase());
  return known === undefined ? undefined : { unit: known, amount: Number(amount?.replace(' ', '')) };
}

function hintFor(kind: MomentKind, text: string): string {
  const { noun, example, words, units } = kind;
  const ago = /^(\d{1,6}) ?(hour|day|week|month|year)s? ago$/i.exec(text);
  const meant =
    (ago === null ? undefined : `-${ago[1]} ${ago[2]!.toLowerCase()}s`) ??
    kind.rewrite(text) ??
    didYouMean(text, words.keys()) ??
    nearDistance(text, units);
  if (meant !== undefined && (readDistance(kind, meant) !== undefined || kind.read(meant, 'UTC')?.ok)) {
    return `did you mean "${meant}"?`;
  }
  const [first = '', second = ''] = [...words.keys()];
  return `it takes ${noun} such as ${example}, or relative to the start of the run: ${first}, ${second}, -3 ${units[0]}s`;
}

/** `-3 dyas`, `3 days`, `- 3 days`: a sign or a letter is missing. */
function nearDistance(text: string, units: readonly Unit[]): string | undefined {
  const [, sign, amount, word = ''] = /^([+-]?) ?(\d{1,6}) ?([a-z]+)$/i.exec(text) ?? [];
  const unit = didYouMean(
    word,
    units.map((one) => `${one}s`),
  );
  return amount === undefined || unit === undefined ? undefined : `${sign || '-'}${amount} ${unit}`;
}
