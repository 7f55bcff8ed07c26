import { expect, it } from 'vitest';
import { planPipeline } from '../../../../../src/engine/pipeline/plan-pipeline.ts';
import { usesDatabase } from '../../../../../src/engine/run/parts/open-run-database.ts';

function uses(task: string, rest = '', runChecks = true, skip: readonly string[] = []): boolean {
  const text = `version: 1\nname: p\ntasks:\n  a: ${task}\n  b: { command: ["true"] }\n${rest}`;
  const { plan, diagnostics } = planPipeline(text, 'p.yaml', { skip });
  if (plan === undefined) throw new Error(JSON.stringify(diagnostics));
  return usesDatabase(plan, runChecks);
}

it('is true with a task that declares connections, or names the database in its command or variables', () => {
  expect(uses('{ command: ["true"], connections: 1 }')).toBe(true);
  expect(uses('{ command: "psql -f load.sql" }')).toBe(true);
  expect(uses('{ command: [load, --url, "$DATABASE_URL"] }')).toBe(true);
  expect(uses('{ command: [load], env: { URL: "${env:DATABASE_URL}" } }')).toBe(true);
});

it('is false with tasks that do not mention it', () => {
  expect(uses('{ command: "echo hello" }')).toBe(false);
});

it('is not affected by skipped tasks', () => {
  expect(uses('{ command: "psql -f load.sql" }', '', true, ['a'])).toBe(false);
});

it('is true with checks, unless they are turned off', () => {
  const checks = 'checks:\n  - { name: c, kind: unique, table: t, columns: [id] }\n';
  expect(uses('{ command: ["true"] }', checks)).toBe(true);
  expect(uses('{ command: ["true"] }', checks, false)).toBe(false);
});
