import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { planPipeline } from '../../../../../src/engine/pipeline/plan-pipeline.ts';
import { pipelineSchema } from '../../../../../src/engine/spec/schema/pipeline-schema.ts';

// The words are what editors show in place of a pattern.
const accepts = new Ajv2020({ strict: true }).addVocabulary(['patternErrorMessage']).compile(pipelineSchema());

/** With every key of the format in it. */
const full = {
  version: 1,
  verify: { ignore: ['x', 's.t.x', 't.*'] },
  name: 'all',
  description: 'every key',
  params: {
    p: { default: 'x', pattern: '^x$', description: 'd' },
    d: { type: 'date', default: 'yesterday', timezone: 'UTC' },
    l: { type: 'list', default: ['x', 1, true] },
    c: { type: 'choice', choices: ['x', 1], default: 1 },
  },
  env: { A: 'x', B: 1, C: true },
  defaults: {
    timeout: '1h',
    retries: 1,
    backoff: { initial: '1s', factor: 2, max: '1m', jitter: true, max_retry_after: '10m' },
    kill_grace: 5,
    isolation: 'none',
    labels: ['r'],
  },
  limits: { max_parallel: 4, cpu: 0.5, memory: 0.5, db_connections: 0.5 },
  pools: { q: 1 },
  tasks: {
    a: {
      command: ['x', 1, true],
      timeout_seconds: 5,
      retry_count: 1,
      outputs: ['out/a.csv', '$ETL_RUN_DIR/a.csv'],
      pools: ['q'],
      labels: [],
      connections: 1,
    },
    b: {
      command: 'x y',
      description: 'd',
      dependencies: ['a'],
      env: { D: 'x' },
      critical: true,
      retry_on: { exit_codes: [75], output: ['busy'] },
      fallback: { command: ['x'], note: 'n', fresh: true },
      use_last_good: true,
      only_if: ['x', 1],
      otherwise: 'stop',
      wait_for: { file: 'in/*.csv', every: '1m', timeout: '2h', on_timeout: 'skip' },
      isolation: 'pid',
      notify: { command: 'x' },
      matrix: { k: '${param:p}', j: [true, 2], order: 'parallel', max_failures: '5%' },
    },
  },
  pipelines: {
    l0: ['a'],
    l1_sequential: {
      description: 'd',
      dependencies: ['a'],
      tasks: [
        'b',
        {
          name: 'c',
          command: 'x',
          timeout: '500ms',
          wait_for: { pipeline: '../x', params: ['p'], log_dir: 'y' },
        },
      ],
      critical: true,
    },
    l2: {
      mode: 'parallel',
      tasks: [{ name: 'd', command: 'x', wait_for: { command: 'x y' }, only_if: 'x' }],
      matrix: { k: ['x', 1], f: { lines: 'x.txt', from: 'a' }, order: 'sequential' },
    },
  },
  checks: [
    {
      name: 'c1',
      kind: 'references',
      child: 't.x',
      parent: 'u.x',
      after: ['a'],
      gate: true,
      on_fail: 'warn',
      timeout: '5s',
    },
    { name: 'c2', kind: 'unique', table: 's.t', columns: ['x'], where: 'x > 0', description: 'd' },
    { name: 'c3', kind: 'same_count', left: 't', right: 'u' },
    { name: 'c4', kind: 'freshness', column: 's.t.x', max_age: '24h' },
    { name: 'c7', kind: 'not_null', table: 't', columns: ['x', 'y'], before: ['a'] },
    { name: 'c8', kind: 'accepted_values', column: 't.x', values: ['a', 1, true], after: ['a'], gate: ['b'] },
    { name: 'c9', kind: 'range', column: 't.x', min: 0, max: '2024-01-01' },
    { name: 'c10', kind: 'row_count', table: 't', min: 1, max: 2, within: '20%' },
    { name: 'c11', command: 'x y', expect: 0 },
    { name: 'c12', kind: 'command', command: ['x', 1] },
    { name: 'c5', sql: 's', expect: 'x' },
    { name: 'c6', kind: 'sql', sql: 's', expect: 0 },
  ],
  slas: {
    run: '20m',
    levels: { l0: '5m' },
    speedup: 3,
    success_rate: 0.95,
    cpu: [0.5, 0.8],
    memory: 0.85,
    db_connections: 0.8,
    disk_io: '200MB',
    disk_wait: 0.3,
    on_miss: 'fail',
  },
  handoffs: {
    directory: 'h',
    on_failure: { to: 'x' },
    on_degradation: { to: 'x', factor: 1.5 },
    on_success: { to: 'x', dataset: 'd', every: '24h' },
  },
  notify: [
    { command: ['x', 1], on: ['failure', 'degradation', 'success'] },
    { webhook: 'HOOK' },
    { webhook: '${env:HOOK}', on: ['success'] },
  ],
  requests: {
    scopes: { w: ['a', 'l0'] },
    params: { p: 'p', k: { param: 'p', as: 'range' } },
    freshness: { a: 's.t.x' },
    completeness: ['c1'],
    deliverables: { d: { description: 'd', table: 's.t', file: 'out/a.csv', tasks: ['a'], checks: ['c2'] } },
  },
  retention: { keep_runs: 100, older_than: '90d', max_size: '5GB' },
};

/** What needs more than one value to be judged, so that no schema says it. */
const beyondSchema =
  /is "\w+" by its name|does not match its pattern|cannot be used as a pattern|has no meaning here|the backoff starts|is empty, so|needs "after"|is defined twice|nothing could pass|in upper and lower case|has no "command"|contains a NUL|not a parameter|no parameter|begin with the lower|a notification has (?:both|neither)|neither a "table" nor|the default of parameter|cannot have a time zone|there is no time zone|its type is not choice|has no "choices"|has a comma|has the same variable as a part|names "[^"]*" twice|"otherwise" has no|would be checked every|the program is empty/;

function mistakes(document: unknown): readonly string[] {
  return planPipeline(JSON.stringify(document), 'f.yaml')
    .diagnostics.filter(({ code }) => code.startsWith('spec/'))
    .map(({ message }) => message);
}

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [path, ...keys.flatMap((key) => pathsOf((value as Record<string, unknown>)[key], [...path, key]))];
}

/** A copy with another value (undefined = none) at the path. */
function changed(value: unknown, [key, ...rest]: Path, to: unknown): unknown {
  if (key === undefined) return to;
  if (typeof value !== 'object' || value === null) return value;
  const next = changed((value as Record<string, unknown>)[key], rest, to);
  if (Array.isArray(value)) return value.flatMap((one, at) => (at !== key ? [one] : next === undefined ? [] : [next]));
  return Object.fromEntries(Object.entries({ ...value, [key]: next }).filter(([, one]) => one !== undefined));
}

describe('the JSON Schema', () => {
  it('accepts a pipeline with every key, and the bundled one', () => {
    expect(mistakes(full)).toEqual([]);
    expect(accepts(full)).toBe(true);
    expect(accepts(parse(readFileSync('etl/config/pipeline_dag.yaml', 'utf8')))).toBe(true);
  });

  it('and the parser agree on any changed pipeline', () => {
    const odd = fc.constantFrom<unknown>(
      ...[
        undefined,
        null,
        true,
        false,
        0,
        1,
        2,
        -1,
        0.5,
        1.5,
        300,
        99_999_999_999,
        '',
        ' ',
        'a',
        'b',
        'no such',
        'a/b',
        '../x',
        '/x',
        'a.b',
        'a.b.c',
        'a.b.c.d',
        '5s',
        '0s',
        '1.5h',
        '5 min',
        '1',
        'warn',
        '20%',
        'row_count',
        'command',
        'sequential',
        'unique',
        [],
        ['a'],
        ['a', 'a'],
        [''],
        [0],
        ['x', ''],
        [null],
        {},
        { a: 1 },
        { zzz: 1 },
        { name: 'z' },
        { name: 'z', command: 'x' },
        { to: 'x' },
        { command: 'x' },
        `\${{ x }}`,
        `\${param:p}`,
        '${',
        'é',
        'x\ny',
      ],
    );
    const paths = pathsOf(full);
    const extra = fc.constantFrom(
      'zzz',
      'timeout',
      'timeout_seconds',
      'retries',
      'kind',
      'name',
      '__proto__x',
      'sql',
      'command',
      'where',
    );
    const path = fc
      .tuple(fc.constantFrom(...paths), fc.option(extra))
      .map(([at, key]) => (key === null ? at : [...at, key]));
    fc.assert(
      fc.property(fc.array(fc.tuple(path, odd), { minLength: 1, maxLength: 2 }), (changes) => {
        let document: unknown = full;
        for (const [at, to] of changes) document = changed(document, at, to);
        fc.pre(document !== undefined);
        const found = mistakes(document);
        const bySchema = accepts(document);
        if (bySchema) expect(found.filter((message) => !beyondSchema.test(message))).toEqual([]);
        else expect(found).not.toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('describes every key', () => {
    const undescribed: string[] = [];
    const visit = (schema: unknown, path: string) => {
      if (typeof schema !== 'object' || schema === null) return;
      for (const [key, value] of Object.entries(schema)) {
        if (key === 'properties') {
          for (const [name, one] of Object.entries(value as Record<string, { description?: string } | true>)) {
            // That it is there is required, which says nothing of its own about it.
            if (one !== true && !one.description) undescribed.push(`${path}.${name}`);
          }
        }
        visit(value, `${path}.${key}`);
      }
    };
    visit(pipelineSchema(), '');
    expect(undescribed).toEqual([]);
  });
});

it('is referred to in the first line of the bundled pipeline', () => {
  const written = readFileSync(new URL('../../../../../etl/pipeline.schema.json', import.meta.url), 'utf8');
  expect(written, 'npm run build && node dist/cli/main.js schema > etl/pipeline.schema.json').toBe(
    `${JSON.stringify(pipelineSchema(), null, 2)}\n`,
  );
});
