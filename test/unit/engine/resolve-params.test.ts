import { describe, expect, it } from 'vitest';
import type { EpochMs } from '../../../src/engine/model/ids.ts';
import { planPipeline } from '../../../src/engine/pipeline/plan-pipeline.ts';
import { expandEnv, resolveParams } from '../../../src/engine/run/request/resolve-params.ts';

const usual = `
  seasons: { default: "2023", pattern: '^\\d{4}$', description: seasons to load }
  target: { description: where to }
`;

function resolve(given: Record<string, string>, params = usual, now = '2026-03-01T00:30Z') {
  const { spec } = planPipeline(
    `version: 1\nname: p\nparams:\n${params}\ntasks:\n  a: { command: ["true"] }\n`,
    'p.yaml',
  );
  return resolveParams(spec!, new Map(Object.entries(given)), Date.parse(now) as EpochMs);
}

it('uses the given values, and defaults for the rest', () => {
  expect(resolve({ target: 'x' })).toEqual({
    ok: true,
    value: new Map([
      ['seasons', '2023'],
      ['target', 'x'],
    ]),
  });
});

it('reports every invalid, missing or unknown parameter at once', () => {
  expect(resolve({ seasons: 'all', season: '2024' })).toMatchObject({
    ok: false,
    error: [
      { code: 'plan/unknown-param', hint: 'did you mean "seasons"?' },
      { code: 'usage/bad-argument', message: 'parameter "seasons" cannot be "all"' },
      { code: 'usage/bad-argument', message: 'parameter "target" has no value and no default' },
    ],
  });
});

describe('a parameter with a type', () => {
  it('counts from the start, in its time zone', () => {
    const params = `
  utc: { type: date, default: yesterday }
  berlin: { type: date, default: yesterday, timezone: Europe/Berlin }
  los_angeles: { type: date, default: yesterday, timezone: America/Los_Angeles }
  month: { type: month, default: last month }
`;
    const resolved = resolve({}, params, '2026-03-01T07:30Z');
    expect(resolved.ok && Object.fromEntries(resolved.value)).toEqual({
      utc: '2026-02-28',
      berlin: '2026-02-28',
      los_angeles: '2026-02-27',
      month: '2026-02',
    });
  });

  it('gives tasks one notation of what was given', () => {
    const params = `
  n: { type: int }
  full: { type: bool }
  seasons: { type: list, default: [2023, 2024] }
  mode: { type: choice, choices: [full, delta], default: delta }
`;
    const resolved = resolve({ n: '+007', full: 'TRUE' }, params);
    expect(resolved.ok && Object.fromEntries(resolved.value)).toEqual({
      n: '7',
      full: 'true',
      seasons: '2023,2024',
      mode: 'delta',
    });
  });

  it.each([
    ['type: date', '2026-02-29', '2026-02 has the days from 01 to 28'],
    ['type: date', 'yesterdy', 'did you mean "yesterday"?'],
    ['type: date', '2026-02-01..2026-02-03', 'only one value is allowed here; several are for a parameter of a matrix'],
    ['type: int', '1,000', 'did you mean "1000"?'],
    ['type: bool', 'yes', 'did you mean "true"?'],
    ['type: list', 'a,,b', 'a value between commas is empty'],
    ['type: list, pattern: "^[a-z]$"', 'a,bc', 'it must match ^[a-z]$'],
    ['type: choice, choices: [full, delta]', 'dleta', 'did you mean "delta"?'],
    ['type: choice, choices: [full, delta]', 'all of it', 'allowed values: full, delta'],
  ])('{ %s } refuses %s: %s', (param, value, hint) => {
    const refused = resolve({ p: value }, `  p: { ${param} }`);
    expect(refused.ok ? [] : refused.error.map((mistake) => mistake.hint)).toEqual([hint]);
  });

  it('does not repeat a secret value, nor what it nearly is', () => {
    const refused = resolve({ api_key: 'dleta' }, '  api_key: { type: choice, choices: [full, delta] }');
    expect(JSON.stringify(refused)).not.toMatch(/d(?:le|el)ta/);
  });
});

it('substitutes parameters and the environment in variables, once', () => {
  const params = new Map([['target', '${env:HOME}; $(id)']]);
  expect(expandEnv({ A: '${param:target}', B: '<${env:X}>', C: '$${env:X}' }, params, { X: '1', HOME: '/h' })).toEqual({
    A: '${env:HOME}; $(id)',
    B: '<1>',
    C: '${env:X}',
  });
});
