import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DrawnGraph } from '../../../../src/cli/graph/drawn-graph.ts';
import { graphDot } from '../../../../src/cli/graph/graph-dot.ts';
import { graphLines } from '../../../../src/cli/graph/graph-lines.ts';
import { graphMermaid } from '../../../../src/cli/graph/graph-mermaid.ts';
import { stringWidth } from '../../../../src/cli/output/string-width.ts';
import { createStyle } from '../../../../src/cli/output/style.ts';
import { graphOf } from '../../../../src/display/graph/pipeline-graph.ts';
import { fakeRun } from '../../../support/fake-run.ts';
import { type PipelineSketch, sketchPlan, type TaskSketch } from '../../../support/pipeline-builder.ts';

function drawn(sketch: PipelineSketch): DrawnGraph {
  const plan = sketchPlan(sketch);
  return { plan, graph: graphOf(plan), tasks: new Set(plan.tasks.map(({ index }) => index)) };
}

const style = (ascii: boolean) => createStyle({ color: false, ascii, env: {}, isTerminal: false });

/** Names of any kind, each waiting for some of those before. */
const sketches: fc.Arbitrary<PipelineSketch> = fc
  .uniqueArray(
    fc.oneof(fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }), fc.stringMatching(/^[a-z]{1,9}$/)),
    {
      minLength: 1,
      maxLength: 15,
    },
  )
  .chain((names) =>
    fc
      .array(fc.array(fc.nat({ max: names.length - 1 }), { maxLength: 4 }), {
        minLength: names.length,
        maxLength: names.length,
      })
      .map((after): PipelineSketch => {
        const tasks = names.map((name, at): [string, TaskSketch] => [
          name,
          { after: [...new Set(after[at]!.filter((one) => one < at))].map((one) => names[one]!) },
        ]);
        return { tasks: Object.fromEntries(tasks), levels: { [names[0]!]: names.slice(0, 3) } };
      }),
  )
  .filter(({ tasks }) => !Object.keys(tasks).includes('__proto__'));

describe('the drawing in the terminal', () => {
  test('keeps to the width of the terminal, whatever the names are', () => {
    fc.assert(
      fc.property(sketches, fc.integer({ min: 30, max: 200 }), fc.boolean(), (sketch, columns, ascii) => {
        const lines = graphLines(drawn(sketch), style(ascii), columns).filter((line) => !/dependenc/.test(line));
        for (const line of lines) expect(stringWidth(line), line).toBeLessThanOrEqual(columns);
      }),
    );
  });

  test('names what it has no room to draw', () => {
    const sources = Array.from({ length: 12 }, (_, at) => `source_${at}`);
    const tasks = Object.fromEntries([
      ...sources.map((name) => [name, {}] as const),
      ...sources.map((name, at) => [`target_${at}`, { after: [name, sources[(at * 5 + 1) % 12]!] }] as const),
    ]);
    const lines = graphLines(drawn({ tasks }), style(false), 50);
    expect(lines.join('\n')).toMatch(/target_\d+ +waits for source_\d+ *$/m);
  });

  test('shows the states of a run in words', () => {
    const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] } } });
    const { plan } = run.state();
    const shown = { ...drawn({ tasks: { a: {} } }), plan, graph: graphOf(plan), tasks: new Set([0, 1]) };
    const lines = graphLines({ ...shown, run: { state: run.state(), title: 'run x: running' } }, style(true), 80);
    expect(lines).toContain('run x: running');
    expect(lines.join('\n')).toMatch(/^1 \* {2}a {2}running$/m);
    expect(lines.join('\n')).toMatch(/^2 \. {2}b {2}waiting$/m);
  });
});

describe('the forms for other programs', () => {
  const hostile: PipelineSketch = {
    tasks: { 'a"]; click b "javascript:x"': {}, 'b\\"\n<img src=x>&#35;`': { after: ['a"]; click b "javascript:x"'] } },
    levels: { 'end" %% }': ['a"]; click b "javascript:x"'] },
  };

  test('Mermaid is given statements of four kinds only, in which no name ends its quotes', () => {
    fc.assert(
      fc.property(fc.oneof(sketches, fc.constant(hostile)), (sketch) => {
        const [fence, title, end, first, ...statements] = graphMermaid(drawn(sketch));
        expect([fence, end, first]).toEqual(['---', '---', 'flowchart LR']);
        expect(JSON.parse(title!.slice('title: '.length))).toEqual(expect.any(String));
        for (const statement of statements) {
          expect(statement).toMatch(/^ +(subgraph l\d+\["[^"`<>&\\]*"\]|n\d+\["[^"`<>&\\]*"\]|n\d+ --> n\d+|end)$/);
        }
      }),
    );
  });

  test('Graphviz is given texts that end where they should', () => {
    fc.assert(
      fc.property(fc.oneof(sketches, fc.constant(hostile)), (sketch) => {
        for (const line of graphDot(drawn(sketch))) {
          const outside = line.replace(/"(?:[^"\\]|\\.)*"/g, 'TEXT').replace('->', '');
          expect(outside, line).not.toMatch(/["\\<>&]/);
        }
      }),
    );
  });
});
