import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ok } from '../../src/engine/model/result.ts';
import { planPipeline } from '../../src/engine/pipeline/plan-pipeline.ts';
import { projectRoot } from '../support/project-root.ts';

const docs = readdirSync(join(projectRoot, 'docs'))
  // Its file is no pipeline, and has a test of its own.
  .filter((name) => name.endsWith('.md') && name !== 'configuration.md')
  .map((name) => `docs/${name}`);
/** Blocks of YAML that are pipelines, or parts of one; those with a name are files that a test of their own runs. */
const blocks = ['README.md', ...docs].flatMap((page) =>
  [...readFileSync(join(projectRoot, page), 'utf8').matchAll(/^```yaml\n(.*?)^```/gms)].flatMap(
    ({ 1: text = '', index, input }) => {
      const isDocument = /^(handoff|type): /.test(text);
      return isDocument ? [] : [[`${page}:${input.slice(0, index).split('\n').length}`, text] as const];
    },
  ),
);

/** Parts of a pipeline are shown without its head, and what is beside the tasks without those that it names. */
function complete(text: string): string {
  const has = (key: string) => new RegExp(`^${key}:`, 'm').test(text);
  const head = [
    ...(has('version') ? [] : ['version: 1']),
    ...(has('params') ? [] : ['params: { day: { type: date } }']),
  ];
  const tasks =
    has('tasks') || has('pipelines') ? [] : ['tasks: { load: { command: "true" }, models: { command: "true" } }'];
  return [...head, text.trimEnd(), ...tasks, ''].join('\n');
}

test.each(blocks)('the pipeline at %s is right', (place, text) => {
  const { plan, diagnostics } = planPipeline(complete(text), place, {}, undefined, (file) =>
    ok({ file, text: 'description: tasks of another file' }),
  );
  expect(diagnostics).toEqual([]);
  expect(plan?.tasks.length).toBeGreaterThan(0);
});
