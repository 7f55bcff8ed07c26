import { expect, it } from 'vitest';
import { planPipeline } from '../../../src/engine/pipeline/plan-pipeline.ts';
import { expandEnv, resolveParams } from '../../../src/engine/run/request/resolve-params.ts';

const { spec } = planPipeline(
  `version: 1
name: p
params:
  seasons: { default: "2023", pattern: '^\\d{4}$', description: seasons to load }
  target: { description: where to }
tasks:
  a: { command: ["true"] }
`,
  'p.yaml',
);

function resolve(given: Record<string, string>) {
  return resolveParams(spec!, new Map(Object.entries(given)));
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

it('substitutes parameters and the environment in variables, once', () => {
  const params = new Map([['target', '${env:HOME}; $(id)']]);
  expect(expandEnv({ A: '${param:target}', B: '<${env:X}>', C: '$${env:X}' }, params, { X: '1', HOME: '/h' })).toEqual({
    A: '${env:HOME}; $(id)',
    B: '<1>',
    C: '${env:X}',
  });
});
