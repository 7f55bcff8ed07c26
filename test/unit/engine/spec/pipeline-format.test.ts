import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ok } from '../../../../src/engine/model/result.ts';
import { planPipeline } from '../../../../src/engine/pipeline/plan-pipeline.ts';
import { pipelineSchema } from '../../../../src/engine/spec/schema/pipeline-schema.ts';

const documentation = readFileSync('docs/pipeline-format.md', 'utf8');
const example = /```yaml\n(.*?)```/s.exec(documentation)![1]!;

/** Every key that the format knows, wherever it may stand. */
function keysOf(schema: unknown): ReadonlySet<string> {
  const keys = new Set<string>();
  const visit = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'properties') for (const name of Object.keys(inner as object)) keys.add(name);
      visit(inner);
    }
  };
  visit(schema);
  return keys;
}

describe('the documentation of the format', () => {
  it('has an example that has no warning', () => {
    const { plan, diagnostics } = planPipeline(example, 'pipeline.yaml', {}, undefined, (file) =>
      ok({ file, text: 'description: tasks of another file' }),
    );
    expect(diagnostics).toEqual([]);
    expect(plan?.order.map((index) => plan.tasks[index]!.spec.id)).toEqual([
      'cache',
      'orders',
      'prices',
      'price_list',
      'customers[region=north]',
      'customers[region=south]',
      'regional[shop=*]',
      'margins',
      'mart',
      'stop_cache',
      'alarm',
    ]);
  });

  it('explains every key', () => {
    const unexplained = [...keysOf(pipelineSchema())].filter((key) => !documentation.includes(`\`${key}\``));
    expect(unexplained).toEqual([]);
  });

  it('shows every key in its example, except synonyms and default modes and kinds', () => {
    const absent = [...keysOf(pipelineSchema())].filter((key) => !new RegExp(`\\b${key}:`).test(example));
    expect(absent).toEqual(['timeout_seconds', 'retry_count', 'mode']);
  });
});
