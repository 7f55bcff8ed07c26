import type { Written } from '../model/data-request.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { RequestParam } from '../model/pipeline/request-rules.ts';
import { failed, ok, type Result } from '../model/result.ts';
import { splitWords } from './words.ts';

const maxValues = 1_000;

/**
 * The value of a parameter that the values of a request make. Error: `spec/bad-value`, at the first of them.
 * @param takesSeveral whether the parameter also takes several ranges, `2019,2021-2023`
 */
export function combineValues(
  { key, as }: RequestParam,
  values: readonly Written[],
  takesSeveral: boolean,
): Result<string, Diagnostic> {
  const [first] = values;
  if (first === undefined) return ok('');
  const refuse = (message: string, hint: string, at = first.at) =>
    failed<Diagnostic>({ code: 'spec/bad-value', severity: 'error', message, at, hint });
  switch (as) {
    case 'value':
      return values.length === 1
        ? ok(first.text)
        : refuse(`"${key}" takes one value, not ${values.length}`, 'make one request for each');
    case 'list':
      return ok(values.map(({ text }) => text).join(','));
    case 'range': {
      const numbers = new Set<number>();
      // A text may hold several of them: "2023, 2024".
      const parts = values.flatMap(({ text, at }) => splitWords(text).map((part) => ({ text: part, at })));
      for (const { text, at } of parts) {
        const range = parseRange(text);
        if (range === undefined) {
          const hint = 'write whole numbers, or a range such as 2023-2024';
          return refuse(`"${text}" is not a number or a range`, hint, at);
        }
        if (range.last - range.first >= maxValues)
          return refuse(`"${text}" is too large a range`, `at most ${maxValues}`, at);
        for (let number = range.first; number <= range.last; number += 1) numbers.add(number);
      }
      const ranges = rangesOf([...numbers].sort((a, b) => a - b));
      if (ranges.length === 1 || takesSeveral) return ok(ranges.map(formatRange).join(','));
      const whole = formatRange({ first: ranges[0]!.first, last: ranges[ranges.length - 1]!.last });
      const hint = `the pipeline needs a range without a gap: ask for ${whole}, or make one request for each part`;
      return refuse(`"${key}" has a gap: ${parts.map(({ text }) => text).join(', ')}`, hint);
    }
  }
}

/** Both ends belong to it. */
type NumberRange = { readonly first: number; readonly last: number };

/** @param sorted ascending, none twice */
function rangesOf(sorted: readonly number[]): readonly NumberRange[] {
  const ranges: NumberRange[] = [];
  for (const number of sorted) {
    const before = ranges.at(-1);
    if (before?.last === number - 1) ranges[ranges.length - 1] = { first: before.first, last: number };
    else ranges.push({ first: number, last: number });
  }
  return ranges;
}

function formatRange({ first, last }: NumberRange): string {
  return first === last ? String(first) : `${first}-${last}`;
}

function parseRange(text: string): NumberRange | undefined {
  const parts = /^\s*(\d{1,9})(?:\s*(?:-|–|\.\.|to)\s*(\d{1,9}))?\s*$/.exec(text);
  if (parts === null) return undefined;
  const [first, last] = [Number(parts[1]), Number(parts[2] ?? parts[1])];
  return first <= last ? { first, last } : undefined;
}
