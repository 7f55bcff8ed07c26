import type { EpochMs } from '../ids.ts';
import type { ParamSpec } from '../pipeline/pipeline.ts';
import { failed, ok, type Result } from '../result.ts';
import { didYouMean } from '../text/did-you-mean.ts';
import { unreachable } from '../unreachable.ts';
import { momentKind, readMoment } from './read-moment.ts';

type TypedParam = Pick<ParamSpec, 'type' | 'timeZone' | 'choices'>;

/**
 * One value of a parameter as tasks get it: in the only notation that its type has for it, and computed from the moment of
 * the start where it depends on that. Without `now` such a value stays as it is written. Error: what would be right, for a hint.
 */
export function readParam(param: TypedParam, text: string, now: EpochMs | undefined): Result<string, string> {
  const { type, choices = [] } = param;
  switch (type) {
    case undefined:
      return ok(text);
    case 'date':
    case 'month':
    case 'hour':
      return readMoment(momentKind(type)!, text, zoneOf(param), now);
    case 'int':
      return readInt(text.trim());
    case 'bool':
      return readBool(text.trim());
    case 'list':
      return readList(text);
    case 'choice': {
      if (choices.includes(text)) return ok(text);
      const meant = didYouMean(text, choices);
      return failed(meant === undefined ? `allowed values: ${choices.join(', ')}` : `did you mean "${meant}"?`);
    }
    default:
      return unreachable(type);
  }
}

/** The zone whose calendar and clocks count for the parameter. */
export function zoneOf({ timeZone = 'UTC' }: Pick<ParamSpec, 'timeZone'>): string {
  return timeZone;
}

function readInt(text: string): Result<string, string> {
  // Larger ones than a double can hold are written as they are.
  if (/^[+-]?\d{1,100}$/.test(text)) return ok(String(BigInt(text.replace('+', ''))));
  const plain = text.replace(/[,_' ]/g, '').replace(/\.0*$/, '');
  return failed(/^[+-]?\d{1,100}$/.test(plain) ? `did you mean "${plain}"?` : 'it takes a whole number');
}

const meaning: Readonly<Record<string, 'true' | 'false'>> = {
  yes: 'true',
  y: 'true',
  on: 'true',
  1: 'true',
  no: 'false',
  n: 'false',
  off: 'false',
  0: 'false',
};

function readBool(text: string): Result<string, string> {
  const word = text.toLowerCase();
  if (word === 'true' || word === 'false') return ok(word);
  const meant = (Object.hasOwn(meaning, word) ? meaning[word] : undefined) ?? didYouMean(word, ['true', 'false']);
  return failed(meant === undefined ? 'it takes true or false' : `did you mean "${meant}"?`);
}

/** Values between commas; a text with nothing in it is a list without any. */
function readList(text: string): Result<string, string> {
  if (text.trim() === '') return ok('');
  const items = text.split(',').map((item) => item.trim());
  return items.includes('') ? failed('a value between commas is empty') : ok(items.join(','));
}
