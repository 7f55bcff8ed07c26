import { describe, expect, test } from 'vitest';
import { planPipeline } from '../../../../src/engine/pipeline/plan-pipeline.ts';

const hints = (text: string) =>
  planPipeline(text.includes('tasks:') ? text : `${text}\ntasks: { a: { command: x } }`, 'p.yaml').diagnostics.map(
    ({ hint }) => hint,
  );

describe('a hint says what to write, with the values of the author, for', () => {
  test.each([
    ['a task given as text', 'tasks: { load: psql -f load.sql }', 'write { command: psql -f load.sql }'],
    ['a task given as text with a comma', "tasks: { load: 'a, b' }", "write { command: 'a, b' }"],
    ['a task given as a list', 'tasks: { load: [psql, -f, "a b"] }', 'write { command: [psql, -f, a b] }'],
    [
      'a list of tasks with names',
      'tasks:\n  - name: load\n    command: ./load\n    timeout: 5m\n',
      'write each task under its name: load: { command: ./load, timeout: 5m }',
    ],
    [
      'a list of tasks with dashes',
      'tasks:\n  - load: { command: ./load }\n',
      'remove the dashes: load: { command: ./load }',
    ],
    ['a list of variables', 'env: [LEVEL=debug]', 'write { LEVEL: debug }'],
    [
      'retries in a mapping',
      'tasks: { a: { command: x, retries: { max: 3, delay: 10s } } }',
      'write retries: 3, backoff: { initial: 10s }',
    ],
    ['retries in a mapping without a number', 'tasks: { a: { command: x, retries: { on: all } } }', 'write retries: N'],
    ['a number in quotes', 'tasks: { a: { command: x, connections: "2" } }', 'write 2 without quotes'],
    ['cores in percent', 'tasks: { a: { command: x, cpu: 150% } }', 'it is a number of cores: write 1.5'],
    ['a duration with a space', 'tasks: { a: { command: x, timeout: 10 min } }', 'write 10m'],
    ['a command that is no text', 'tasks: { a: { command: true } }', 'put it in quotes: "true"'],
    [
      'a parameter in a command',
      'tasks: { a: { command: "load ${param:day}" } }',
      'write "$ETL_PARAM_DAY": values are in environment variables',
    ],
    ['a variable in a command', 'tasks: { a: { command: "ls ${env:HOME}" } }', 'write "$HOME"'],
    [
      'a value of a matrix in a command',
      'tasks: { a: { command: "load ${matrix:season}", matrix: { season: [1] } } }',
      'write "$ETL_MATRIX_SEASON"',
    ],
    ...['rows: [{ sample: a, unit: 1 }]', 'season: [1, 2], exclude: [{ season: 1 }]'].map((keys) => [
      `single combinations of a matrix (${keys})`,
      `tasks: { a: { command: x, matrix: { ${keys} } } }`,
      'a matrix is run for every combination of its values; to choose some, write them as the values of one key: pair: [a-1, b-2]',
    ]),
    ['a template of other tools', 'tasks: { a: { command: "load ${{ params.day }}" } }', 'write "$ETL_PARAM_DAY"'],
    [
      'a parameter in a list',
      'tasks: { a: { command: [load, "${param:day}"] } }',
      'let the program read the environment variable ETL_PARAM_DAY, or write a shell command with "$ETL_PARAM_DAY"',
    ],
    [
      'a parameter in the SQL of a check',
      'checks: [{ name: c, sql: "SELECT count(*) FROM t WHERE day = \'${param:day}\'" }]',
      'let a "command" compare it, which finds the value in the environment variable ETL_PARAM_DAY',
    ],
    ['a parameter as a directory', 'tasks: { a: { command: x, dir: "in/${param:day}" } }', 'cd "$ETL_PARAM_DAY"'],
    [
      'a parameter in the path of an output',
      'tasks: { a: { command: x, outputs: ["out/${param:day}.csv"] } }',
      'write a pattern, such as data/*.csv, or ${matrix:day} in a task with a matrix',
    ],
    [
      'a parameter among the values of a matrix',
      'params: { day: { type: date, default: today } }\ntasks: { a: { command: x, matrix: { day: ["${param:day}"] } } }',
      'for the values of that parameter, write ${param:day} in place of the list',
    ],
    [
      'a parameter that is expected',
      'checks: [{ name: c, sql: s, expect: "${param:day}" }]',
      'let a "command" compare it',
    ],
    [
      'a parameter as the end of a range',
      'checks: [{ name: c, kind: range, column: t.day, max: "${param:day}" }]',
      'let a "command" compare it',
    ],
    ['days that something is kept', 'retention: { older_than: 30 days }', 'write 30d'],
    ['a single label', 'tasks: { a: { command: x, labels: r } }', 'write [r]'],
    ['labels with blanks between them', 'tasks: { a: { command: x, labels: r gpu } }', 'write [r, gpu]'],
    ['names with commas between them', 'tasks: { a: { command: x, dependencies: "b, c" } }', 'write [b, c]'],
    [
      'words with a mistake',
      'notify: { command: x, on: [failure] }\ntasks: { a: { command: x, notify: { command: x, on: failures } } }',
      'write [failure]',
    ],
    ['a single dependency', 'tasks: { a: { command: x }, b: { command: x, dependencies: a } }', 'write [a]'],
    [
      'checks in a mapping',
      'checks: { orders_once: { kind: unique } }',
      'write a list, with the names inside: - { name: orders_once, kind: unique }',
    ],
    ['one check without a dash', 'checks: { name: a, sql: b }', 'write a list: - { name: a, sql: b }'],
    [
      'a brace in a command between brackets',
      'tasks: { a: { command: psql ${X}_y -f a.sql, timeout: 5m } }',
      "write command: 'psql ${X}_y -f a.sql'",
    ],
    ['a colon in a command', 'tasks:\n  a:\n    command: echo a: b\n', "write command: 'echo a: b'"],
    ['a colon and a quote', "tasks:\n  a:\n    command: echo it's a: b\n", 'write command: "echo it\'s a: b"'],
    ['a name with a space', 'tasks: { load orders: { command: x } }', 'write load_orders; names are letters'],
    ['a name with an accent', 'tasks: { réception: { command: x } }', 'write reception; names are letters'],
    ['a condition of other tools', 'tasks: { a: { command: x, when: y } }', 'did you mean "only_if"?'],
  ])('%s', (_title, text, hint) => {
    expect(hints(text)[0]).toContain(hint);
  });
});

test('no hint says to write what would be the next mistake', () => {
  expect(hints('tasks: { a: { command: x, inputs: /etc/passwd } }')).toEqual([undefined]);
});

test.each(['b', 'l2', 'zz'])('a name without likeness to another is not taken for it: %s', (name) => {
  const text = `tasks: { a: { command: x }, l1: { command: x }, c: { command: x, dependencies: [${name}] } }`;
  expect(hints(text)).toEqual(['define it under "tasks"']);
});
