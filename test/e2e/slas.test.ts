import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createProject } from './command-line.ts';

const pipeline = `
version: 1
name: judged
pipelines: { load_parallel: [a, b] }
tasks: { a: { command: sleep 0.3 }, b: { command: sleep 0.3 } }
slas: { run: 100ms, levels: { load_parallel: 1h }, success_rate: 0.9 }
`;

function project(text: string) {
  const created = createProject(text);
  onTestFinished(created.remove);
  /** The files of the run that printed `out`. */
  const resultsOf = (out: string) => {
    const run = /\d{8}_\d{6}_\w{4}/.exec(out)![0];
    const read = (path: string) => JSON.parse(readFileSync(join(created.directory, 'logs/etl', path), 'utf8'));
    return { result: read(`parallel_run_${run}.json`), record: read(`performance/execution_${run}.json`) };
  };
  return { ...created, resultsOf };
}

test('a missed SLA is told in log, results, record and show, and does not change the exit code', async () => {
  const { call, resultsOf } = project(pipeline);
  const { code, out } = await call(['run']);
  expect(code).toBe(0);
  expect(out).toMatch(/\nSLAs\n {2}! run missed: took \S+, limit 0\.1s\n {2}\? success_rate not measured: .*\n/);
  expect(out).toMatch(/✓ judged succeeded in \S+, with 1 missed SLA\n/);
  const { result, record } = resultsOf(out);
  expect(result).toMatchObject({
    status: 'success',
    verdict: 'success',
    missed_slas: ['run'],
    slas: [
      { sla: 'run', status: 'missed', limit: 0.1, unit: 'seconds' },
      { sla: 'levels.load_parallel', status: 'met', limit: 3600, unit: 'seconds' },
      { sla: 'success_rate', status: 'not-measured', limit: 0.9, unit: 'share' },
    ],
  });
  expect(result.slas[0].measured).toBeGreaterThan(0.1);
  expect([record.slas, record.missed_slas]).toEqual([result.slas, result.missed_slas]);
  const shown = await call(['show', 'latest']);
  expect(shown.out).toMatch(/\nSLAs\n {2}! run +missed +took \S+, limit 0\.1s\n {2}✓ levels\.load_parallel +met +took/);
});

test('with on_miss: fail a run that missed an SLA ends with 1, and without analysis none is judged', async () => {
  const { call, resultsOf } = project(pipeline.replace('slas: {', 'slas: { on_miss: fail,'));
  const missed = await call(['run', '--reporter', 'json']);
  expect(missed.code).toBe(1);
  expect(JSON.parse(missed.out.trim().split('\n').at(-1)!)).toMatchObject({ verdict: 'sla-missed', exitCode: 1 });
  expect(resultsOf(missed.out).result).toMatchObject({ status: 'success', verdict: 'sla-missed' });
  expect((await call(['show', 'latest'])).out).toMatch(/^✗ judged succeeded in \S+, but missed an SLA\n/);
  const left = await call(['run', '--no-analysis']);
  expect([left.code, left.out.includes('SLA')]).toEqual([0, false]);
  expect(resultsOf(left.out).result).not.toHaveProperty('slas');
});

test('an SLA that earlier runs say will be missed is told to be at risk while the run goes on', async () => {
  const { call, start, directory } = project(`
version: 1
name: judged
tasks: { a: { command: "until [ -e go ]; do sleep 0.05; done" }, b: { command: "true", dependencies: [a] } }
slas: { run: 1h }
`);
  writeFileSync(join(directory, 'go'), '');
  await call(['run']);
  // As if the first run had taken two hours.
  const records = join(directory, 'logs/etl/performance');
  const [file = ''] = readdirSync(records);
  const text = readFileSync(join(records, file), 'utf8');
  writeFileSync(join(records, file), text.replace(/"attempt_seconds": [\d.]+/, '"attempt_seconds": 7200'));
  rmSync(join(directory, 'go'));
  const run = start(['run']);
  await run.says('SLA run at risk: may take 3h00m, limit 1h');
  writeFileSync(join(directory, 'go'), '');
  const { code, out } = await run.ended;
  expect(code).toBe(0);
  expect(out).toContain('  SLAs    1 met\n');
});
