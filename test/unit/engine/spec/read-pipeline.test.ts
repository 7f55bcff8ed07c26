import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CheckSpec, PipelineSpec, TaskSpec } from '../../../../src/engine/model/pipeline/pipeline.ts';
import { planPipeline } from '../../../../src/engine/pipeline/plan-pipeline.ts';
import { readPipeline } from '../../../../src/engine/spec/read-pipeline.ts';

function read(text: string, file = 'pipeline.yaml'): PipelineSpec {
  const { partial, diagnostics } = readPipeline(text, file);
  expect(diagnostics).toEqual([]);
  return partial!.spec;
}

function task(text: string, name = 'a'): TaskSpec {
  return read(text).tasks.find(({ id }) => id === name)!;
}

function dependencies(text: string): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(read(text).tasks.map((one) => [one.id, one.dependencies]));
}

function check(line: string): CheckSpec {
  return read(`tasks: { a: { command: [x] } }\nchecks:\n  - { name: c, ${line} }\n`).checks[0]!;
}

describe('the bundled pipeline', () => {
  const text = readFileSync('etl/config/pipeline_dag.yaml', 'utf8');

  it('has no warning', () => {
    const { plan, diagnostics } = planPipeline(text, 'pipeline_dag.yaml');
    expect(diagnostics).toEqual([]);
    expect(plan?.tasks).toHaveLength(10);
    expect(plan?.checks.length).toBeGreaterThan(5);
  });

  it('is read the same with Windows line breaks and a byte order mark', () => {
    const { plan } = planPipeline(`\ufeff${text.replaceAll('\n', '\r\n')}`, 'pipeline_dag.yaml');
    expect(plan).toEqual(planPipeline(text, 'pipeline_dag.yaml').plan);
  });
});

describe('a minimal pipeline', () => {
  it('is named after its file, and gets the defaults', () => {
    const spec = read('tasks: { a: { command: [x] } }', 'etl/nightly.load.yaml');
    expect(spec).toMatchObject({
      name: 'nightly.load',
      params: [],
      env: {},
      limits: { maxParallel: 'auto', cpu: 0.8, memory: 0.85, dbConnections: 0.8, diskFreeBytes: 2 ** 30 },
      levels: [],
      checks: [],
    });
    expect(spec.handoffs).toBeUndefined();
    expect(spec.slas).toEqual({ levelsMs: new Map(), onMiss: 'warn' });
    expect(spec.tasks).toEqual([
      {
        id: 'a',
        command: { kind: 'argv', argv: ['x'] },
        dependencies: [],
        timeoutMs: 3_600_000,
        killGraceMs: 5_000,
        retry: { retries: 0, initialMs: 1_000, factor: 2, maxMs: 60_000, jitter: true, maxRetryAfterMs: 3_600_000 },
        pools: [],
        connections: 0,
        critical: false,
        env: {},
        outputs: [],
        at: { file: 'etl/nightly.load.yaml', line: 1, col: 10, length: 1 },
      },
    ]);
  });

  it('has positions that do not count the byte order mark', () => {
    expect(read('\ufefftasks: { a: { command: [x] } }').tasks[0]!.at.col).toBe(10);
  });
});

describe('a task', () => {
  it('is read with all its keys', () => {
    const text = `pools: { api: 2, disk: 1 }
tasks:
  first: { command: [x] }
  a:
    description: loads it
    command: [node, load.js, --from, 2020, true]
    dependencies: [first]
    timeout: 90s
    retries: 3
    backoff: { initial: 500ms, factor: 1.5, max: 2m, jitter: false }
    retry_on: { exit_codes: [75, 111], output: ["429", "timed out"] }
    kill_grace: 0
    isolation: pid
    pools: [api, disk]
    connections: 2
    critical: true
    env: { MODE: fast, LEVEL: 3, STRICT: true, EMPTY: "" }
    fallback: { command: cp cache.csv out.csv, note: rows of yesterday, fresh: true }
    use_last_good: true
    outputs: [out.csv, data/out.parquet]
`;
    expect(task(text)).toMatchObject({
      id: 'a',
      description: 'loads it',
      command: { kind: 'argv', argv: ['node', 'load.js', '--from', '2020', 'true'] },
      dependencies: ['first'],
      timeoutMs: 90_000,
      killGraceMs: 0,
      isolation: 'pid',
      retry: {
        retries: 3,
        initialMs: 500,
        factor: 1.5,
        maxMs: 120_000,
        jitter: false,
        on: { exitCodes: [75, 111], output: ['429', 'timed out'] },
      },
      pools: ['api', 'disk'],
      connections: 2,
      critical: true,
      env: { MODE: 'fast', LEVEL: '3', STRICT: 'true', EMPTY: '' },
      fallback: {
        command: { kind: 'shell', script: 'cp cache.csv out.csv' },
        note: 'rows of yesterday',
        isFresh: true,
      },
      useLastGood: true,
      outputs: ['out.csv', 'data/out.parquet'],
      at: { line: 4, col: 3, length: 1 },
    });
  });

  it('has timeout_seconds and retry_count as synonyms of timeout and retries', () => {
    const { timeoutMs, retry } = task('tasks: { a: { command: [x], timeout_seconds: 300, retry_count: 2 } }');
    expect({ timeoutMs, retries: retry.retries }).toEqual({ timeoutMs: 300_000, retries: 2 });
  });

  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['90', 90_000],
    ['0.25', 250],
    ['"45s"', 45_000],
  ])('may have %s', (written, ms) => {
    expect(task(`tasks: { a: { command: [x], timeout: ${written} } }`).timeoutMs).toBe(ms);
  });

  it('may have a time limit in percent of what it usually takes, with that of the defaults until this is known', () => {
    const text = 'defaults: { timeout: 250% }\ntasks: { a: { command: [x] }, b: { command: [x], timeout: 5m } }';
    expect(task(text)).toMatchObject({ timeoutMs: 3_600_000, timeoutOfMedian: 2.5 });
    expect(task(text, 'b').timeoutMs).toBe(300_000);
    expect(task(text, 'b')).not.toHaveProperty('timeoutOfMedian');
    const own = 'defaults: { timeout: 10m }\ntasks: { a: { command: [x], timeout: 300% } }';
    expect(task(own)).toMatchObject({ timeoutMs: 600_000, timeoutOfMedian: 3 });
  });

  it('runs a script of several lines in the shell, unchanged', () => {
    const text = 'tasks:\n  a:\n    command: |\n      set -u\n      psql -f "load: all.sql" # quick\n';
    expect(task(text).command).toEqual({ kind: 'shell', script: 'set -u\npsql -f "load: all.sql" # quick\n' });
  });

  it('gets missing keys from the defaults, one by one', () => {
    const text = `defaults: { timeout: 10m, retries: 2, backoff: { initial: 2s, max: 5m }, kill_grace: 1s, retry_on: { exit_codes: [75] } }
tasks:
  a: { command: [x] }
  b: { command: [x], timeout: 5, retries: 0, backoff: { factor: 3 }, retry_on: { output: [busy] } }
`;
    expect(task(text)).toMatchObject({
      timeoutMs: 600_000,
      killGraceMs: 1_000,
      retry: { retries: 2, initialMs: 2_000, factor: 2, maxMs: 300_000, on: { exitCodes: [75], output: [] } },
    });
    expect(task(text, 'b')).toMatchObject({
      timeoutMs: 5_000,
      killGraceMs: 1_000,
      retry: { retries: 0, initialMs: 2_000, factor: 3, maxMs: 300_000, on: { exitCodes: [], output: ['busy'] } },
    });
  });
});

describe('isolation', () => {
  it('of the defaults holds for tasks that do not say, and "none" is the same as not saying', () => {
    const text = `defaults: { isolation: pid }
tasks:
  a: { command: [x] }
  b: { command: [x], isolation: none }
`;
    expect(task(text).isolation).toBe('pid');
    expect(task(text, 'b')).not.toHaveProperty('isolation');
  });
});

describe('labels', () => {
  it('of a task replace those of the defaults, also by none, and may stand on tasks that are written in a level', () => {
    const text = `defaults: { labels: [r] }
tasks:
  a: { command: [x] }
  b: { command: [x], labels: [gpu, big] }
  c: { command: [x], labels: [] }
pipelines:
  level_0: [{ name: d, command: [x], labels: [north] }]
`;
    expect(task(text).labels).toEqual(['r']);
    expect(task(text, 'b').labels).toEqual(['gpu', 'big']);
    expect(task(text, 'c')).not.toHaveProperty('labels');
    expect(task(text, 'd').labels).toEqual(['north']);
  });
});

describe('levels', () => {
  const tasks =
    'tasks: { a: { command: [x] }, b: { command: [x] }, c: { command: [x], dependencies: [a] } }\npipelines:\n';

  it('may be a plain list, which adds no order', () => {
    expect(dependencies(`${tasks}  l0: [b, a]\n  l1: [c]\n`)).toEqual({ b: [], a: [], c: ['a'] });
  });

  it.each([
    ['its name', 'l_sequential: [a, b, c]'],
    ['its name, as a mapping', 'l_sequential: { tasks: [a, b, c] }'],
    ['its mode', 'l: { mode: sequential, tasks: [a, b, c] }'],
    ['its name and its mode', 'l_sequential: { mode: sequential, tasks: [a, b, c] }'],
  ])('are sequential by %s', (_, level) => {
    expect(read(`${tasks}  ${level}\n`).levels).toMatchObject([{ mode: 'sequential', tasks: ['a', 'b', 'c'] }]);
    expect(dependencies(`${tasks}  ${level}\n`)).toEqual({ a: [], b: ['a'], c: ['a', 'b'] });
  });

  it.each([
    'l_parallel: [a, b, c]',
    'l: [a, b, c]',
    'l_parallel: { mode: parallel, tasks: [a, b, c] }',
    'sequential_l: [a, b, c]',
  ])('are parallel: %s', (level) => {
    expect(read(`${tasks}  ${level}\n`).levels).toMatchObject([{ mode: 'parallel' }]);
    expect(dependencies(`${tasks}  ${level}\n`)).toEqual({ a: [], b: [], c: ['a'] });
  });

  it('add their dependencies to each of their tasks, once', () => {
    expect(dependencies(`${tasks}  l0: [a]\n  l1: { dependencies: [a], tasks: [b, c] }\n`)).toEqual({
      a: [],
      b: ['a'],
      c: ['a'],
    });
  });

  it('without dependencies add none', () => {
    expect(dependencies(`${tasks}  l0: [a]\n  l1: { tasks: [b] }\n`)).toEqual({ a: [], b: [], c: ['a'] });
  });

  it('may define tasks in place, beside names of tasks', () => {
    const text = `${tasks}  l_sequential:\n    dependencies: [c]\n    tasks:\n      - name: d\n        command: echo d\n        timeout: 5\n      - b\n      - { name: e, command: [e], dependencies: [a] }\n`;
    expect(dependencies(text)).toEqual({ d: ['c'], b: ['c', 'd'], e: ['a', 'c', 'b'], a: [], c: ['a'] });
    expect(task(text, 'd')).toMatchObject({
      timeoutMs: 5_000,
      command: { kind: 'shell', script: 'echo d' },
      level: 'l_sequential',
    });
  });

  it('may name a task by a mapping with its name only', () => {
    expect(read(`${tasks}  l: [{ name: a }, b]\n`).levels[0]?.tasks).toEqual(['a', 'b']);
  });

  it('make each of their tasks critical, unless the task says otherwise', () => {
    const text = `${tasks}  l: { critical: true, tasks: [a, { name: d, command: x, critical: false }] }\n  m: [b]\n`;
    expect(Object.fromEntries(read(text).tasks.map(({ id, critical }) => [id, critical]))).toEqual({
      a: true,
      d: false,
      b: false,
      c: false,
    });
  });

  it('order the tasks of the pipeline, and tasks in no level come last', () => {
    expect(read(`${tasks}  l0: [c]\n  l1: [b]\n`).tasks.map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  });
});

describe('checks', () => {
  it('of kind references are read', () => {
    expect(
      check('kind: references, child: stage.plays.game_id, parent: games.game_id, after: [a], gate: true').definition,
    ).toEqual({
      kind: 'references',
      child: { table: 'stage.plays', column: 'game_id' },
      parent: { table: 'games', column: 'game_id' },
    });
  });

  it('of kind unique are read', () => {
    expect(check('kind: unique, table: games, columns: [game_id, season]').definition).toEqual({
      kind: 'unique',
      table: 'games',
      columns: ['game_id', 'season'],
    });
  });

  it.each([
    [
      'kind: not_null, table: games, columns: [game_id, season], where: season > 2000',
      { kind: 'not_null', table: 'games', columns: ['game_id', 'season'], where: 'season > 2000' },
    ],
    [
      'kind: accepted_values, column: mart.g.result, values: [win, 1, true]',
      { kind: 'accepted_values', column: { table: 'mart.g', column: 'result' }, values: ['win', '1', 'true'] },
    ],
    [
      'kind: range, column: plays.epa, min: -20, max: 9007199254740993',
      { kind: 'range', column: { table: 'plays', column: 'epa' }, min: -20, max: '9007199254740993' },
    ],
    [
      'kind: range, column: games.gameday, max: "2030-01-01"',
      { kind: 'range', column: { table: 'games', column: 'gameday' }, max: '2030-01-01' },
    ],
    [
      'kind: row_count, table: games, min: 1, max: 300, within: 20%',
      { kind: 'row_count', table: 'games', min: 1, max: 300, within: 0.2 },
    ],
    ['command: "duckdb x"', { kind: 'command', command: { kind: 'shell', script: 'duckdb x' } }],
    [
      'kind: command, command: [dbt, test], expect: 0',
      { kind: 'command', command: { kind: 'argv', argv: ['dbt', 'test'] }, expect: 0 },
    ],
    ['command: x, expect: null', { kind: 'command', command: { kind: 'shell', script: 'x' }, expect: null }],
  ])('of other kinds are read: %s', (line, definition) => {
    expect(check(line).definition).toEqual(definition);
  });

  it('of kind same_count are read', () => {
    expect(check('kind: same_count, left: games, right: mart.game_summary').definition).toEqual({
      kind: 'same_count',
      left: 'games',
      right: 'mart.game_summary',
    });
  });

  it('of kind freshness are read', () => {
    expect(check('kind: freshness, column: games.loaded_at, max_age: 24h').definition).toEqual({
      kind: 'freshness',
      column: { table: 'games', column: 'loaded_at' },
      maxAgeMs: 86_400_000,
    });
  });

  it.each([
    ['sql: "SELECT 1"', 0],
    ['kind: sql, sql: "SELECT 1", expect: 7', 7],
    ['sql: "SELECT 1", expect: ok', 'ok'],
    ['sql: "SELECT 1", expect: "7"', '7'],
    ['sql: "SELECT 1", expect: -1.5', -1.5],
    ['sql: "SELECT 1", expect: 9007199254740993', '9007199254740993'],
    ['sql: "SELECT 1", expect: true', 'true'],
    ['sql: "SELECT 1", expect: null', null],
  ])('with a query of their own are read: %s', (line, expect_) => {
    expect(check(line).definition).toEqual({ kind: 'sql', sql: 'SELECT 1', expect: expect_ });
  });

  it('have their time, severity and timeout', () => {
    expect(check('sql: s')).toMatchObject({ after: [], before: [], onFail: 'fail', gate: false, timeoutMs: 60_000 });
    expect(check('sql: s, after: [a], on_fail: warn, gate: true, timeout: 5s')).toMatchObject({
      after: ['a'],
      onFail: 'warn',
      gate: true,
      timeoutMs: 5_000,
    });
  });

  it('name the tasks that they hold back, as preconditions or as gates', () => {
    expect(check('sql: s, description: d, before: [a]')).toMatchObject({
      description: 'd',
      before: ['a'],
      gate: false,
    });
    expect(check('sql: s, after: [a], gate: [b]')).toMatchObject({ before: ['b'], gate: false });
    expect(check('sql: s, before: [a, b], gate: [b]')).toMatchObject({ before: ['a', 'b'], gate: false });
  });
});

describe('the pipeline as a whole', () => {
  it('is read with parameters, variables, limits, pools, outputs and hand-offs', () => {
    const text = `version: 1
name: nightly
description: the nightly load
params:
  seasons: { default: "2023-2024", pattern: '^\\d{4}(-\\d{4})?$', description: seasons to load }
  week: { default: 7 }
  token: {}
env: { TZ: UTC, RANGE: "\${param:seasons}/\${env:HOME}", PRICE: "$\${5}" }
limits: { max_parallel: 4, cpu: 0.5, memory: 1, db_connections: .25, disk_free: 1.5GB }
pools: { odds_api: 1 }
tasks: { a: { command: [x], notify: { command: tell, on: [success] } } }
pipelines: { l0: [a] }
slas: { run: 20m, levels: { l0: 300 }, speedup: 3, success_rate: 0.95, cpu: [0.6, 0.8], memory: 0.85, db_connections: 0.8, disk_io: 1KB, disk_wait: 0.3, on_miss: fail }
handoffs: { directory: out/handoffs, on_failure: { to: ETL }, on_degradation: { to: DevOps }, on_success: { to: Research, dataset: features, every: 24h } }
notify: [{ webhook: "\${env:CHAT}" }, { webhook: PAGER, on: [failure, degradation] }]
`;
    expect(read(text)).toMatchObject({
      name: 'nightly',
      params: [
        { name: 'seasons', default: '2023-2024', pattern: '^\\d{4}(-\\d{4})?$', description: 'seasons to load' },
        { name: 'week', default: '7' },
        { name: 'token' },
      ],
      env: { TZ: 'UTC', RANGE: `\${param:seasons}/\${env:HOME}`, PRICE: `$\${5}` },
      limits: { maxParallel: 4, cpu: 0.5, memory: 1, dbConnections: 0.25, diskFreeBytes: 1.5 * 2 ** 30 },
      pools: new Map([['odds_api', 1]]),
      levels: [{ id: 'l0', mode: 'parallel', tasks: ['a'], critical: false }],
      slas: {
        runMs: 1_200_000,
        levelsMs: new Map([['l0', 300_000]]),
        speedup: 3,
        successRate: 0.95,
        cpu: { min: 0.6, max: 0.8 },
        memory: 0.85,
        dbConnections: 0.8,
        diskBytesPerSecond: 1024,
        diskWait: 0.3,
        onMiss: 'fail',
      },
      handoffs: {
        directory: 'out/handoffs',
        onFailure: { to: 'ETL' },
        onDegradation: { to: 'DevOps', factor: 1.5 },
        onSuccess: { to: 'Research', dataset: 'features', everyMs: 86_400_000 },
      },
      notify: [
        { on: ['failure'], by: { kind: 'webhook', variable: 'CHAT' } },
        { on: ['failure', 'degradation'], by: { kind: 'webhook', variable: 'PAGER' } },
      ],
      tasks: [{ notify: [{ on: ['success'], by: { kind: 'command', command: { kind: 'shell', script: 'tell' } } }] }],
    });
  });
});
