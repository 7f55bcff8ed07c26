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

test.each(['b', 'l2', 'zz'])('a name without likeness to another is not taken for it: %s', (name) => {
  const text = `tasks: { a: { command: x }, l1: { command: x }, c: { command: x, dependencies: [${name}] } }`;
  expect(hints(text)).toEqual(['define it under "tasks"']);
});
