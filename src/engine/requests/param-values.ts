import type { Written } from '../model/data-request.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { RequestParam } from '../model/pipeline/request-rules.ts';
import { failed, ok, type Result } from '../model/result.ts';
import { splitWords } from './words.ts';

const maxValues = 1_000;

/** The value of a parameter that the values of a request make. Error: `spec/bad-value`, at the first of them. */
export function combineValues({ key, as }: RequestParam, values: readonly Written[]): Result<string, Diagnostic> {
  const [first] = values;
  if (first === undefined) return ok('');
  const refuse = (message: string, hint: string, at = first.at) =>
    failed<Diagnostic>({ code: 'spec/bad-value', severity: 'error', message, at, hint });
  switch (as) {
    case 'value':
      return values.length === 1
        ? ok(first.text)
        : refuse(`"${key}" takes one value, and there are ${values.length}`, 'make a request for each');
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
          return refuse(`"${text}" is no number and no range`, hint, at);
        }
        if (range.last - range.first >= maxValues)
          return refuse(`"${text}" is too wide a range`, `at most ${maxValues}`, at);
        for (let number = range.first; number <= range.last; number += 1) numbers.add(number);
      }
      const sorted = [...numbers].sort((a, b) => a - b);
      const [low, high] = [sorted[0]!, sorted[sorted.length - 1]!];
      if (low === high) return ok(String(low));
      const range = `${low}-${high}`;
      if (high - low + 1 === sorted.length) return ok(range);
      const hint = `the pipeline takes a range without a gap: ask for ${range}, or make a request for each part`;
      return refuse(`"${key}" has a gap: ${parts.map(({ text }) => text).join(', ')}`, hint);
    }
  }
}

function parseRange(text: string): { readonly first: number; readonly last: number } | undefined {
  const parts = /^\s*(\d{1,9})(?:\s*(?:-|–|\.\.|to)\s*(\d{1,9}))?\s*$/.exec(text);
  if (parts === null) return undefined;
  const [first, last] = [Number(parts[1]), Number(parts[2] ?? parts[1])];
  return first <= last ? { first, last } : undefined;
}
