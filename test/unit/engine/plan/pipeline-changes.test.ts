import { expect, test } from 'vitest';
import { planPipeline } from '../../../../src/engine/index.ts';
import { pipelineChanges } from '../../../../src/engine/plan/pipeline-changes.ts';

function specOf(yaml: string) {
  const { spec, diagnostics } = planPipeline(`version: 1\nname: shop\n${yaml}`, 'pipeline.yaml');
  if (spec === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return spec;
}

function changes(before: string, now: string): readonly string[] {
  return pipelineChanges(specOf(before), specOf(now)).map(({ kind, what, name, keys }) =>
    [kind, what, name, ...keys].join(' '),
  );
}

test('what was added, removed and changed is named in the words of the file', () => {
  const before = `
tasks:
  a: { command: "true" }
  b: { command: "true", dependencies: [a] }
checks:
  - { name: whole, command: "echo 1", expect: 1 }
`;
  const now = `
limits: { max_parallel: 2 }
tasks:
  b: { command: "false", timeout: 5m, env_file: .env }
  c: { command: "true" }
checks:
  - { name: whole, command: "echo 2", expect: 1, on_fail: warn }
`;
  expect(changes(before, now)).toEqual([
    'added task c',
    'removed task a',
    'changed task b command dependencies timeout env_file',
    'changed check whole what it asks on_fail',
    'changed pipeline shop limits',
  ]);
});

test('comments, and where something stands in the file, change nothing', () => {
  const before = 'tasks:\n  a: { command: "true" }\n  b: { command: "true", matrix: { x: [1, 2] } }\n';
  const now = '# more\n\ntasks:\n\n  a: { command: "true" }\n  b:\n    command: "true"\n    matrix: { x: [1, 2] }\n';
  expect(changes(before, now)).toEqual([]);
});
