import { expect, test } from 'vitest';
import { combineValues } from '../../../../src/engine/requests/param-values.ts';

const at = { file: 'r.yaml', line: 1, col: 1, length: 1 };

function combine(as: 'value' | 'list' | 'range', ...texts: readonly string[]) {
  const combined = combineValues(
    { key: 'seasons', param: 'seasons', as },
    texts.map((text) => ({ text, at })),
    false,
  );
  return combined.ok ? combined.value : `${combined.error.message} [${combined.error.hint}]`;
}

test.each([
  [['2024'], '2024'],
  [['2023', '2024'], '2023-2024'],
  [['2024', '2023', '2023'], '2023-2024'],
  [['2023-2024'], '2023-2024'],
  [['2021 – 2023', '2024'], '2021-2024'],
  [['2021 to 2022'], '2021-2022'],
  [['2021, 2022 and 2023'], '2021-2023'],
  [
    ['2021', '2023'],
    '"seasons" has a gap: 2021, 2023 [the pipeline needs a range without a gap: ask for 2021-2023, or make one request for each part]',
  ],
  [['last year'], '"last year" is not a number or a range [write whole numbers, or a range such as 2023-2024]'],
  [['2024-2023'], '"2024-2023" is not a number or a range [write whole numbers, or a range such as 2023-2024]'],
  [['1-999999999'], '"1-999999999" is too large a range [at most 1000]'],
])('the values %j as a range are %s', (values, expected) => {
  expect(combine('range', ...values)).toBe(expected);
});

test('other parameters take one value, or a list', () => {
  expect(combine('value', 'all')).toBe('all');
  expect(combine('value', 'a', 'b')).toContain('takes one value');
  expect(combine('list', 'a', 'b')).toBe('a,b');
});
