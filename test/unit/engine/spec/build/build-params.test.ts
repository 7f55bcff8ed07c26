import { expect, test } from 'vitest';
import { planPipeline } from '../../../../../src/engine/pipeline/plan-pipeline.ts';
import { diagnosticsOf } from '../diagnostics-of.ts';

const fileOf = (params: string) => `params:\n  ${params}\ntasks: { a: { command: [x] } }\n`;
const specOf = (params: string) => planPipeline(fileOf(params), 'p.yaml').spec?.params;
const hashOf = (params: string) => planPipeline(fileOf(params), 'p.yaml').plan?.hash;
const hintsOf = (params: string) => planPipeline(fileOf(params), 'p.yaml').diagnostics.map(({ hint }) => hint);

test.each<[string, object]>([
  ['p: { type: text, default: 007 }', { name: 'p', default: '007' }],
  ['p: { type: date, default: 2024-01-31 }', { name: 'p', type: 'date', default: '2024-01-31' }],
  ['p: { type: date, default: -3 days }', { name: 'p', type: 'date', default: '-3 days' }],
  [
    'p: { type: date, default: yesterday, pattern: "^2", timezone: Europe/Berlin }',
    { name: 'p', type: 'date', default: 'yesterday', pattern: '^2', timeZone: 'Europe/Berlin' },
  ],
  ['p: { type: hour, default: 2024-01-31 13:00 }', { name: 'p', type: 'hour', default: '2024-01-31T13:00Z' }],
  ['p: { type: int, default: 007 }', { name: 'p', type: 'int', default: '7' }],
  ['p: { type: bool, default: TRUE }', { name: 'p', type: 'bool', default: 'true' }],
  ['p: { type: list, default: [a, 1, true] }', { name: 'p', type: 'list', default: 'a,1,true' }],
  ['p: { type: list, default: "a, b" }', { name: 'p', type: 'list', default: 'a,b' }],
  ['p: { type: list, default: [] }', { name: 'p', type: 'list', default: '' }],
  ['p: { type: choice, choices: [x, 1] }', { name: 'p', type: 'choice', choices: ['x', '1'] }],
])('%s is read', (params, expected) => {
  expect(diagnosticsOf(fileOf(params))).toEqual([]);
  expect(specOf(params)).toEqual([expected]);
});

test.each<[string, string, string | undefined]>([
  [
    'p: { type: dat }',
    'spec/bad-value 2:14 "type" must be "text" or "date" or "month" or "hour" or "int" or "bool" or "list" or "choice", not "dat"',
    'did you mean "date"?',
  ],
  [
    'p: { type: integer, default: x, choices: [a] }',
    'spec/bad-value 2:14 "type" must be "text" or "date" or "month" or "hour" or "int" or "bool" or "list" or "choice", not "integer"',
    'did you mean "int"?',
  ],
  [
    'p: { type: date, default: yesterdy }',
    'spec/bad-value 2:29 the default of parameter "p" cannot be "yesterdy"',
    'did you mean "yesterday"?',
  ],
  [
    'p: { type: date, default: 2024-02-30 }',
    'spec/bad-value 2:29 the default of parameter "p" cannot be "2024-02-30"',
    '2024-02 has the days from 01 to 29',
  ],
  [
    'p: { type: date, timezone: Europe/Berln }',
    'spec/bad-value 2:30 there is no time zone "Europe/Berln"',
    'did you mean "Europe/Berlin"?',
  ],
  [
    'p: { type: date, timezone: "+02:00" }',
    'spec/bad-value 2:30 there is no time zone "+02:00"',
    'it takes UTC or a name such as Europe/Berlin',
  ],
  [
    'p: { timezone: UTC }',
    'spec/bad-value 2:18 parameter "p" is not a date, so it cannot have a time zone',
    'add type: date, month or hour',
  ],
  [
    'p: { type: choice }',
    'spec/missing-key 2:14 parameter "p" has no "choices"',
    'list the allowed values: choices: [full, delta]',
  ],
  [
    'p: { choices: [a] }',
    'spec/bad-value 2:8 parameter "p" has "choices", but its type is not choice',
    'add type: choice, or use a "pattern"',
  ],
  [
    'p: { type: choice, choices: [full, delta], default: dleta }',
    'spec/bad-value 2:55 the default of parameter "p" cannot be "dleta"',
    'did you mean "delta"?',
  ],
  [
    'p: { type: int, default: [1] }',
    'spec/bad-value 2:28 the default of parameter "p" must be text, not a list',
    'add type: list',
  ],
  [
    'p: { type: list, default: ["a,b"] }',
    'spec/bad-value 2:30 a value in the default of parameter "p" has a comma, but commas separate the values of a list',
    undefined,
  ],
  [
    'p: { type: list, default: [a, b1], pattern: "^[a-z]$" }',
    'spec/bad-value 2:29 the default of parameter "p" does not match its pattern ^[a-z]$',
    undefined,
  ],
  [
    'day: { type: date }\n  day_next: {}',
    'spec/bad-name 3:3 parameter "day_next" has the same variable as a part of "day"',
    'rename it: ETL_PARAM_DAY_NEXT comes from "day"',
  ],
])('%s is a mistake with a hint', (params, mistake, hint) => {
  expect(diagnosticsOf(fileOf(params))).toEqual([mistake]);
  expect(hintsOf(params)).toEqual([hint]);
});

test('the hash of a plan counts types, zones and choices; without them it is that of earlier versions', () => {
  expect(hashOf('p: { default: x, pattern: "^x" }')).toBe('ef5dd84afa74e040');
  const hashes = [
    'p: {}',
    'p: { type: date }',
    'p: { type: date, timezone: Europe/Berlin }',
    'p: { type: choice, choices: [a] }',
    'p: { type: choice, choices: [b] }',
  ].map(hashOf);
  expect(new Set(hashes).size).toBe(hashes.length);
  expect(hashOf('p: { type: text }')).toBe(hashOf('p: {}'));
});
