import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planPipeline } from '../../../../src/engine/pipeline/plan-pipeline.ts';

const bundled = readFileSync('etl/config/pipeline_dag.yaml', 'utf8');

/** Reads the text, and holds the promises that any answer must keep. */
function answer(text: string): void {
  const { spec, plan, diagnostics } = planPipeline(text, 'f.yaml');
  const lines = text.split('\n');
  for (const { at, message, related = [] } of diagnostics) {
    expect(message).not.toBe('');
    for (const place of [at, ...related.map((one) => one.at)]) {
      expect(place?.file).toBe('f.yaml');
      expect(place!.length).toBeGreaterThan(0);
      expect(place!.line).toBeGreaterThan(0);
      expect(place!.line).toBeLessThanOrEqual(lines.length);
      expect(place!.col).toBeGreaterThan(0);
      expect(place!.col).toBeLessThanOrEqual(lines[place!.line - 1]!.length + 1);
    }
  }
  const lineNumbers = diagnostics.map(({ at }) => at!.line);
  expect(lineNumbers).toEqual(lineNumbers.toSorted((a, b) => a - b));
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(plan === undefined).toBe(errors.length > 0);
  if (plan !== undefined) expect(spec).toBe(plan.written?.pipeline ?? plan.pipeline);
}

it('any text is parsed to a pipeline or diagnostics, and never throws', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), answer), { numRuns: 300 });
});

it('a pipeline with characters removed, doubled, swapped or inserted never throws', () => {
  const letters = fc.constantFrom(
    ...' \n\t:-[]{},"\'#&*!|>%@`?~<\\0a\ufeff\0'.split(''),
    '  ',
    ': ',
    '- ',
    '\n  ',
    '<<: ',
    '__proto__: ',
  );
  const change = fc.record({
    at: fc.nat(bundled.length - 1),
    drop: fc.nat(12),
    put: fc.oneof(
      letters,
      fc.nat(bundled.length - 1).map((from) => bundled.slice(from, from + 15)),
    ),
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      let text = bundled;
      for (const { at, drop, put } of changes) text = text.slice(0, at) + put + text.slice(at + drop);
      answer(text);
    }),
    { numRuns: 100 },
  );
});

it('a pipeline that is cut off anywhere never throws', () => {
  for (let end = 0; end < bundled.length; end += 61) answer(bundled.slice(0, end));
});
