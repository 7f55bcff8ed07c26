import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { projectRoot } from '../../support/project-root.ts';

const read = (name: string) => readFileSync(join(projectRoot, name), 'utf8');
const text = read('docs/nfl-pipeline.md');
const pipeline = parse(read('etl/config/pipeline_dag.yaml'));

test('docs/nfl-pipeline.md lists every task, parameter and check of the pipeline', () => {
  const names = [...Object.keys(pipeline.tasks), ...pipeline.checks.map(({ name }: { name: string }) => name)];
  for (const name of names) expect(text).toContain(`\`${name}\``);
  for (const [name, { default: standard }] of Object.entries<{ default: string }>(pipeline.params)) {
    expect(text).toContain(`\n| \`${name}\` | \`${standard}\` |`);
  }
});

test('docs/nfl-pipeline.md lists every table and column, and every variable that a task reads', () => {
  const ddl = ['schema', 'odds_history', 'weather'].map((name) => read(`etl/sql/${name}.sql`)).join('\n');
  const tables = [...ddl.matchAll(/CREATE TABLE IF NOT EXISTS (\w+) \(([\s\S]*?)\n\);/g)];
  expect(tables.length).toBeGreaterThan(9);
  for (const [, table = '', body = ''] of tables) {
    expect(text).toContain(`\`${table}\``);
    if (table.startsWith('etl_')) continue;
    const columns = [...body.matchAll(/^ {2}"?([a-z]\w*)"? (?!KEY)[a-z]/gm)].map(([, column]) => column ?? '');
    // Of families of columns one is named with a star, or by what tells it from its sisters.
    const alone = columns.filter((column) => !/^(def|opp|off)_/.test(column));
    expect(alone.length).toBeGreaterThan(3);
    for (const column of alone) expect([table, column, text.includes(`\`${column}\``)]).toEqual([table, column, true]);
  }
  const addresses = read('etl/sources/source-addresses.ts') + read('etl/sample/server/sample-settings.ts');
  const variables = new Set([...addresses.matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)].map(([, name]) => name ?? ''));
  expect(variables.size).toBeGreaterThan(7);
  for (const variable of variables) expect(text).toContain(variable);
});
