import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { planPipeline } from '../../src/engine/pipeline/plan-pipeline.ts';
import { projectRoot } from '../support/project-root.ts';

const readme = readFileSync(`${projectRoot}/README.md`, 'utf8');
const blocks = [...readme.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text);
/** Parts of a pipeline are shown without its head, and what is above the tasks without any. */
const complete = (text: string) =>
  `${text.includes('version:') ? '' : 'version: 1\n'}${text}${text.includes('tasks:') ? '' : 'tasks: { a: { command: "true" } }\n'}`;

test.each(blocks.map((text) => [text.split('\n')[0]?.trim(), text]))(
  'the pipeline of the README that begins with %s is right',
  (_first, text) => {
    const { plan, diagnostics } = planPipeline(complete(text), 'README.md');
    expect(diagnostics).toEqual([]);
    expect(plan?.tasks.length).toBeGreaterThan(0);
  },
);
