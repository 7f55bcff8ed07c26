import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { recordOfDay, runOfDay } from '../support/performance-records.ts';
import { createProject, type Project } from './command-line.ts';

const pipeline = `
name: nfl
params: { season: { default: "2025" } }
tasks:
  games: { command: "true" }
  plays: { command: "sleep $SLEEP", dependencies: [games] }
`;

function createNfl(more = ''): Project {
  const project = createProject(pipeline + more);
  onTestFinished(project.remove);
  return project;
}

/** Records of the runs of some days, as earlier runs have left them. */
function writeRecords({ directory }: Project, seconds: readonly number[], params: (day: number) => string): void {
  const records = join(directory, 'logs/etl/performance');
  mkdirSync(records, { recursive: true });
  seconds.forEach((plays, day) => {
    const record = recordOfDay(day, { games: 1, plays }, { params: { season: params(day) } });
    writeFileSync(join(records, `execution_${runOfDay(day)}.json`), JSON.stringify(record));
  });
}

test('a run that takes longer than usual says so in its summary, its results and when it is shown', async () => {
  const project = createNfl();
  const { call } = project;
  writeRecords(project, [0.1, 0.1, 0.1, 0.1, 0.1], () => '2025');
  const { out, code } = await call(['run', '--reporter', 'json'], { SLEEP: '2' });
  expect(code).toBe(0);
  const slower = { task: 'plays', usual_seconds: 0.1, slower_runs: 1, compared_runs: 5 };
  const reported = JSON.parse(out.trimEnd().split('\n').at(-1)!);
  expect(reported).toMatchObject({
    type: 'run.reported',
    regressions: expect.arrayContaining([expect.objectContaining(slower)]),
  });
  const { result, performance } = JSON.parse((await call(['show', 'latest', '--json'])).out);
  for (const file of [result, performance]) expect(file.regressions).toEqual(reported.regressions);
  expect((await call(['show', 'latest'])).out).toMatch(
    /\nSlower than usual\n(?:.*\n)? {2}! plays took \S+s, usually 0\.1s \(x\d+\)\n/,
  );
  const again = await call(['run'], { SLEEP: '2' });
  expect(again.out).toContain(`in 2 runs since ${result.run_id}`);
  const unknown = await call(['run', '--no-analysis'], { SLEEP: '2' });
  expect(unknown.out).not.toContain('Slower than usual');
});

test('trends compares runs with the parameters of the last one, and says how many it left out', async () => {
  const project = createNfl();
  writeRecords(project, [10, 10, 60, 11, 10, 60, 9, 20], (day) => ([2, 5].includes(day) ? '2024' : '2025'));
  const { out, code } = await project.call(['trends']);
  expect(out).toMatch(/^nfl: 6 runs with season=2025\n.*\n2 runs with other parameters not shown \(--all-params\)\n/);
  expect(out).toContain(
    '\nSlower than usual\n  the run took 21s, usually 11s (+91 %)\n  plays took 20s, usually 10s (+100 %)\n',
  );
  expect(code).toBe(0);
  const all = JSON.parse((await project.call(['trends', '--all-params', '--json'])).out);
  expect(all).toMatchObject({ pipeline: 'nfl', all_params: true, left_out: 0, overall: { statistics: { max: 61 } } });
  expect((await project.call(['trends', '--last', '3'])).out).toMatch(/^nfl: 3 runs with season=2025\n/);
  expect((await project.call(['trends', '--task', 'plays'])).out).toContain(`\n${runOfDay(7)}  `);
  const unknown = await project.call(['trends', '--task', 'plaws']);
  expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining('did you mean "plays"?') });
  const nothing = await project.call(['trends', '--log-dir', 'elsewhere']);
  expect(nothing).toMatchObject({ code: 0, out: '', err: 'no finished runs of nfl in elsewhere\n' });
});

test('show --against compares two runs task by task', async () => {
  const { call, directory } = createNfl();
  await call(['run'], { SLEEP: '0.1' });
  const [first = ''] = readdirSync(join(directory, 'logs/etl/runs'));
  writeFileSync(join(directory, 'pipeline.yaml'), pipeline.replace('sleep $SLEEP', 'sleep 3'));
  await call(['run', '-p', 'season=2024']);
  const { out, code } = await call(['show', 'latest', '--against', first]);
  expect(out).toMatch(new RegExp(`^nfl: run \\S+ against ${first}\n`));
  expect(out).toContain('\nParameters\n  season  2025 → 2024\n');
  expect(out).toMatch(/\nPipeline: a different plan .*\n {2}task plays {2}changed: command\n/);
  expect(out).toMatch(/\nplays +[\d.]+s +[\d.]+s +\+[\d.]+s +(?:\+\d+ %|x\d+)\n/);
  expect(code).toBe(0);
  const compared = JSON.parse((await call(['show', 'latest', '--against', first, '--json'])).out);
  expect(compared).toMatchObject({ against: { run_id: first }, plan_changed: true, tasks: [{ task: 'games' }, {}] });
  expect(await call(['show', 'latest', '--against', 'nothing'])).toMatchObject({ code: 2, out: '' });
});

test('prune deletes old runs by each of its rules, and refuses to guess one', async () => {
  const { call, directory } = createNfl();
  for (let run = 0; run < 3; run += 1) await call(['run'], { SLEEP: '0' });
  const left = () => readdirSync(join(directory, 'logs/etl/runs')).length;
  expect(await call(['prune'])).toMatchObject({ code: 2, err: expect.stringContaining('--keep-runs N') });
  expect(await call(['prune', '--older-than', 'long'])).toMatchObject({ code: 2 });
  expect(await call(['prune', '--max-size', '5'])).toMatchObject({ code: 2 });
  const dry = await call(['prune', '--keep-runs', '2', '--dry-run']);
  expect(dry.out).toMatch(/^\S+ +[\d.]+ KB\n1 run would be deleted, [\d.]+ KB freed; 2 runs kept\n$/);
  expect(left()).toBe(3);
  expect((await call(['prune', '--older-than', '30d'])).out).toBe('nothing to delete; 3 runs kept\n');
  expect((await call(['prune', '--keep-runs', '2'])).out).toMatch(/\n1 run deleted, [\d.]+ KB freed; 2 runs kept\n$/);
  const { deleted, kept } = JSON.parse((await call(['prune', '--max-size', '1KB', '--json'])).out);
  expect({ deleted: deleted.length, kept, left: left() }).toEqual({ deleted: 1, kept: 1, left: 1 });
  expect((await call(['history'])).out.trimEnd().split('\n')).toHaveLength(4);
});

test('a prune that is killed leaves every run whole or gone, and the next one removes the rest', async () => {
  const { call, directory } = createNfl();
  await call(['run'], { SLEEP: '0' });
  const runs = join(directory, 'logs/etl/runs');
  const [real = ''] = readdirSync(runs);
  const count = 300;
  for (let at = 0; at < count; at += 1) {
    const run = join(runs, `20250101_${String(100_000 + at)}_aaaa`);
    mkdirSync(join(run, 'tasks/games'), { recursive: true });
    for (const name of ['journal.jsonl', 'pipeline.json'])
      writeFileSync(join(run, name), readFileSync(join(runs, real, name)));
    for (let log = 0; log < 20; log += 1) writeFileSync(join(run, `tasks/games/${log}.log`), 'x');
  }
  const visible = () => readdirSync(runs).filter((name) => !name.startsWith('.'));
  // It kills itself in the middle, when it is about to delete one more.
  const kills = `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module';
    const { rename } = fs.promises; let count = 0;
    fs.promises.rename = (...args) => { if (++count === ${count / 2}) process.kill(process.pid, 'SIGKILL'); return rename(...args); };
    syncBuiltinESMExports();`;
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(kills)}` };
  const killed = await call(['prune', '--keep-runs', '1'], env);
  expect(visible().length).toBeGreaterThan(count / 3);
  for (const run of visible()) {
    expect(['journal.jsonl', 'pipeline.json', 'tasks'].every((name) => existsSync(join(runs, run, name)))).toBe(true);
  }
  await call(['prune', '--keep-runs', '1']);
  expect(readdirSync(runs)).toEqual([real]);
  await expectCleanAftermath({ directory, ended: killed, exitCodes: [null] });
});

test('the retention of a pipeline deletes its old runs at the end of a run, and tells it in one line', async () => {
  const { call, directory } = createNfl('retention: { keep_runs: 2 }\n');
  const runs = () => readdirSync(join(directory, 'logs/etl/runs'));
  for (let run = 0; run < 2; run += 1) expect((await call(['run'], { SLEEP: '0' })).out).not.toContain('pruned');
  const { out, code } = await call(['run'], { SLEEP: '0' });
  expect(out).toMatch(/\n {2}pruned {2}1 run deleted, [\d.]+ KB freed; 2 runs kept\n/);
  expect(code).toBe(0);
  expect(runs()).toHaveLength(2);
  expect(readdirSync(join(directory, 'logs/etl/performance'))).toHaveLength(3);
});
