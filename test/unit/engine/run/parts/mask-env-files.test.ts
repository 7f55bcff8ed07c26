import { expect, test } from 'vitest';
import { planPipeline } from '../../../../../src/engine/pipeline/plan-pipeline.ts';
import { maskRun } from '../../../../../src/engine/run/parts/run-masking.ts';

const text = `version: 1
secrets: [PIN]
tasks:
  load: { command: "echo warehouse-7", env_file: [a.env], env: { LOGIN: "\${env:USER_ID}-\${env:WORD}" } }
`;

function masking(values: Readonly<Record<string, string>>) {
  const { plan } = planPipeline(text, 'pipeline.yaml');
  return maskRun({ plan: plan!, env: {}, params: new Map(), envFiles: new Map([['a.env', values]]) }, []);
}

test('all values of a file of variables are masked, whatever their names are', () => {
  const { mask, plan, warnings } = masking({ PLACE: 'warehouse-7', USER_ID: 'ann.b', WORD: 'p%ss word' });
  expect(mask('at warehouse-7 by ann.b with p%25ss%20word')).toBe('at *** by *** with ***');
  expect(plan.tasks[0]?.spec.command).toMatchObject({ script: 'echo ***' });
  expect(warnings).toEqual([]);
});

test('one that is too short or an ordinary word is told of only when it is a secret by its name', () => {
  const { mask, warnings } = masking({ DEBUG: 'true', PORT: '80', PIN: '123', API_TOKEN: 'none' });
  expect(mask('true 80 123 none')).toBe('true 80 123 none');
  expect(warnings.map(({ message }) => message)).toEqual([
    'PIN, API_TOKEN are not masked in the output of tasks: too short, or a common word',
  ]);
});
