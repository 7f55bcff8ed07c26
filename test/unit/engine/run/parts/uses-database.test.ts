import { expect, it } from 'vitest';
import { planPipeline } from '../../../../../src/engine/pipeline/plan-pipeline.ts';
import { usesDatabase } from '../../../../../src/engine/run/parts/open-run-database.ts';

function uses(task: string, rest = '', runChecks = true, skip: readonly string[] = []): boolean {
  const text = `version: 1\nname: p\ntasks:\n  a: ${task}\n  b: { command: ["true"] }\n${rest}`;
  const { plan, diagnostics } = planPipeline(text, 'p.yaml', { skip });
  if (plan === undefined) throw new Error(JSON.stringify(diagnostics));
  return usesDatabase(plan, runChecks);
}

it('is needed by a task that declares connections, or names it in its command or variables', () => {
  expect(uses('{ command: ["true"], connections: 1 }')).toBe(true);
  expect(uses('{ command: "psql -f load.sql" }')).toBe(true);
  expect(uses('{ command: [load, --url, "$DATABASE_URL"] }')).toBe(true);
  expect(uses('{ command: [load], env: { URL: "${env:DATABASE_URL}" } }')).toBe(true);
});

it('is not needed by tasks that do not speak of it', () => {
  expect(uses('{ command: "echo hello" }')).toBe(false);
});

it('is not needed by what is set aside', () => {
  expect(uses('{ command: "psql -f load.sql" }', '', true, ['a'])).toBe(false);
});

it('is needed by checks, unless they are not to be asked', () => {
  const checks = 'checks:\n  - { name: c, kind: unique, table: t, columns: [id] }\n';
  expect(uses('{ command: ["true"] }', checks)).toBe(true);
  expect(uses('{ command: ["true"] }', checks, false)).toBe(false);
});
