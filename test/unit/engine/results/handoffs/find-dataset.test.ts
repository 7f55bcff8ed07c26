import { describe, expect, it } from 'vitest';
import { planPipeline } from '../../../../../src/engine/pipeline/plan-pipeline.ts';
import { findDataset } from '../../../../../src/engine/results/handoffs/find-dataset.ts';

const text = `version: 1
name: shop
tasks:
  orders: { command: x, outputs: [data/orders.csv] }
  margins: { command: x, dependencies: [orders], outputs: [out/order_margins.parquet] }
  report: { command: x, dependencies: [orders] }
`;

function datasetOf(name: string, more = '') {
  const { spec, diagnostics } = planPipeline(text + more, 'shop.yaml');
  expect(diagnostics).toEqual([]);
  return findDataset(spec!, name);
}

describe('a data set is', () => {
  it('the work of the task of its name', () => {
    expect(datasetOf('orders')).toEqual({ makers: ['orders'], table: null, files: ['data/orders.csv'] });
  });

  it('the file of its name, whatever its ending, and the task that writes it', () => {
    expect(datasetOf('order_margins')).toMatchObject({ makers: ['margins'], files: ['out/order_margins.parquet'] });
  });

  it('the deliverable of its name, or with a file of its name', () => {
    const more = 'requests: { deliverables: { mart: { table: m.orders, file: x/cube.csv, tasks: [report] } } }\n';
    const mart = { makers: ['report'], table: 'm.orders', files: ['x/cube.csv'] };
    expect(datasetOf('mart', more)).toEqual(mart);
    expect(datasetOf('cube', more)).toEqual(mart);
  });

  it('else all that the pipeline writes, made by its last tasks', () => {
    expect(datasetOf('cubes')).toEqual({
      makers: ['margins', 'report'],
      table: null,
      files: ['data/orders.csv', 'out/order_margins.parquet'],
    });
  });

  it('made by none of the tasks that run at the end of a run', () => {
    const ends = `  server: { command: x, setup: { teardown: stop } }
  stop: { command: x }
  alarm: { command: x, run_when: on_failure }
`;
    expect(datasetOf('cubes', ends).makers).toEqual(['margins', 'report', 'server']);
  });
});
