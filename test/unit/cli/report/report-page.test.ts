import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { reportPage } from '../../../../src/cli/report/report-page.ts';
import type { CheckResult } from '../../../../src/engine/index.ts';
import { type FakeRun, fakeRun } from '../../../support/fake-run.ts';
import type { PipelineSketch } from '../../../support/pipeline-builder.ts';
import { dangerous } from '../reporters/report-run.ts';
import { readPage, wordsOf } from './read-page.ts';
import { reportSource, samplesOf } from './report-source.ts';

/** Lets every task run for a second as soon as it can. */
function playOut(sketch: PipelineSketch): FakeRun {
  const run = fakeRun(sketch, { maxParallel: 50 });
  while (run.running().length > 0) {
    run.pass(1_000);
    for (const task of run.running()) run.exit(task);
  }
  return run;
}

const evil = `</script><img src=x onerror="alert(1)">'\`{{x}}\x1b[31m\x9b31m\u202e\ud800\x00&amp;`;

function evilRun(): FakeRun {
  const fallback = { command: { kind: 'shell', script: 'true' }, note: evil } as const;
  const run = fakeRun({
    tasks: { [evil]: {}, games: { fallback }, mart: { after: [evil] }, slow: { timeoutMs: 5_000 } },
    checks: { [`check ${evil}`]: { after: ['games'] } },
  });
  run.pass(1_000);
  run.exit(evil, { kind: 'not-started', reason: 'usage', message: evil });
  run.exit('games', 1);
  run.exit('games');
  const measured = { [evil]: evil, first_keys: [evil, '2'] };
  const result: CheckResult = { check: `check ${evil}`, verdict: 'fail', summary: evil, measured, durationMs: 5 };
  run.take({ type: 'checked', result });
  run.fire('timeout', 'slow');
  run.exit('slow', { kind: 'signalled', signal: 'SIGTERM' });
  return run;
}

describe('the page of a run', () => {
  test('tells its outcome, its checks with what they measured, what failed and what was not run', () => {
    const run = fakeRun({
      tasks: { games: {}, odds: { retry: { retries: 1 } }, mart: { after: ['odds'] } },
      checks: { orphans: { after: ['games'] } },
    });
    run.pass(2_000);
    run.exit('games');
    const measured = { orphan_rows: 1_204, first_keys: ['7', '9'] };
    run.take({
      type: 'checked',
      result: { check: 'orphans', verdict: 'fail', summary: 'plays without a game', measured, durationMs: 250 },
    });
    run.exit('odds', 3);
    run.fire('retry', 'odds');
    run.pass(1_000);
    run.exit('odds', 3);
    const page = reportPage(reportSource(run, { output: new Map([['odds', ['no odds', 'for week 7']]]) }));
    const words = wordsOf(page);
    expect(words).toContain('✗ FAILED sketch failed in 4.0s');
    expect(words).toContain('1 succeeded, 1 failed, 1 not run');
    expect(words).toContain('orphans ≠ failed plays without a game orphan rows: 1,204 first keys: 7, 9 0.3s');
    expect(words).toContain('odds ✗ failed exit code 3 (2 attempts, 4.0s) no odds for week 7');
    expect(words).toContain('Not run: 1 task mart: "odds" failed');
  });

  test('is one document without script, network or other files, whose policy allows nothing but its style', () => {
    const page = reportPage(reportSource(evilRun(), { samples: samplesOf([0.2, 0.9]) }));
    const { tags, unbalanced } = readPage(page);
    expect(unbalanced).toEqual([]);
    const allowed =
      'html head meta title style body header nav main footer section article h1 h2 h3 p span strong small br code pre ul li dl dt dd div a table thead tbody tr th td figure figcaption svg rect path text circle';
    expect(
      [...new Set(tags.map(({ name }) => name))].filter(
        (name) => name !== '!doctype' && !allowed.split(' ').includes(name),
      ),
    ).toEqual([]);
    const attributes = tags.flatMap(({ attributes: one }) => [...one]);
    expect(
      attributes.filter(([name]) => name.startsWith('on') || ['style', 'src', 'srcset', 'xlink:href'].includes(name)),
    ).toEqual([]);
    expect(attributes.filter(([name, value]) => name === 'href' && !/^#[a-z]+$/.test(value))).toEqual([]);
    expect(page).not.toMatch(/url\(|@import|https?:/);
    const [, css = ''] = /<style>([\s\S]*)<\/style>/.exec(page) ?? [];
    const hash = createHash('sha256').update(css).digest('base64');
    const policy = tags.find(({ attributes: one }) => one.get('http-equiv') === 'Content-Security-Policy');
    expect(policy?.attributes.get('content')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
  });

  test('shows hostile names, output and messages as text, and holds nothing that a terminal would obey', () => {
    const output = new Map([
      [evil, [evil, '</pre><script>alert(1)</script>']],
      ['slow', [evil]],
    ]);
    const record = { params: { [evil]: evil } };
    const page = reportPage(reportSource(evilRun(), { output, record }));
    expect(page).not.toMatch(dangerous);
    expect(page).not.toMatch(/<(?:script|img)/i);
    expect(page).not.toMatch(/\p{Cs}/u);
    const { text } = readPage(page);
    expect(text.split('<img src=x onerror="alert(1)">').length).toBeGreaterThan(8);
    expect(text).toContain('</pre><script>alert(1)</script>');
  });

  test('marks the critical path in words, and says how much of the run it was', () => {
    const run = fakeRun({ tasks: { games: {}, odds: {}, mart: { after: ['games'] } } });
    run.pass(1_000);
    run.exit('odds');
    run.pass(4_000);
    run.exit('games');
    run.pass(5_000);
    run.exit('mart');
    const words = wordsOf(reportPage(reportSource(run)));
    expect(words).toContain('Critical path, 10s of 10s: games → mart');
    expect(words).toContain('games ◆on the critical path 0.0s 5.0s');
    expect(words).not.toContain('odds ◆');
  });

  test('has charts of the samples with their numbers in words', () => {
    const run = playOut({ tasks: { games: {}, mart: { after: ['games'] } } });
    const source = reportSource(run, { samples: samplesOf([0.2, 0.9, 0.4]), record: { connection_budget: 80 } });
    const words = wordsOf(reportPage(source));
    expect(words).toContain('CPU 50 % on average, 90 % at most; limit 80 %');
    expect(words).toContain('Connections 4 on average, 5 at most; 80 for the tasks');
    expect(words).toContain('Disks written 1 MB/s on average');
    expect(readPage(reportPage(source)).tags.filter(({ attributes }) => attributes.get('role') === 'img')).toHaveLength(
      4,
    );
  });

  test('names what tasks waited for, what was degraded, and the parameters', () => {
    const fallback = { command: { kind: 'shell', script: 'true' }, note: 'odds of yesterday' } as const;
    const run = fakeRun({
      tasks: { odds: { pools: ['api'], fallback }, lines: { pools: ['api'] } },
      pools: { api: 1 },
    });
    run.pass(3_000);
    run.exit('odds', 1);
    run.pass(1_000);
    run.exit('odds');
    run.pass(1_000);
    run.exit('lines');
    const words = wordsOf(reportPage(reportSource(run, { record: { params: { season: '2024', api_key: '***' } } })));
    expect(words).toContain('≈ degraded odds: odds of yesterday');
    expect(words).toMatch(/a slot in a pool 4\.0s 100 %/);
    expect(words).toContain('Parameters: season=2024, api_key=***');
  });

  test('compares each task and the run with earlier runs of the same parameters', () => {
    const run = playOut({ tasks: { games: {} } });
    const now = reportSource(run);
    const earlier = (run_id: string, seconds: number, params?: Record<string, string>) => {
      const record = now.report.performance!;
      const results = record.results.map((row) => ({ ...row, attempt_seconds: seconds }));
      return {
        ...record,
        run_id,
        total_duration_seconds: seconds,
        results,
        ...(params === undefined ? {} : { params }),
      };
    };
    const past = [earlier('a', 3), earlier('b', 5), earlier('c', 4), earlier('d', 90, { season: '1999' })];
    const words = wordsOf(reportPage(reportSource(run, { past })));
    expect(words).toContain('Of 4 runs with the same parameters, this one included.');
    expect(words).toContain('the run 3.5s 3.3s 1.7s 1.0s 5.0s 4 100 % games 3.5s 3.3s 1.7s 1.0s 5.0s 4 100 % 100 %');
    expect(words).toMatch(/games ✓ succeeded 1\.0s 3\.5s/);
    expect(words).toMatch(/20260105_120000_test, this run .* d .* c .* b .* a /);
  });

  test('names what has become slower', () => {
    const source = reportSource(playOut({ tasks: { games: {} } }));
    const { report } = source;
    const regressions = [
      { task: 'games', seconds: 14.2, usual_seconds: 10.1, change: 0.41, compared_runs: 7, since: 'a', slower_runs: 5 },
    ] as never;
    const words = wordsOf(reportPage({ ...source, report: { ...report, result: { ...report.result, regressions } } }));
    expect(words).toContain('Slower than usual games took 14s, usually 10s (+41 %), in 5 runs since a');
  });

  test('tells how the run stood to its SLAs, the missed ones first', () => {
    const source = reportSource(playOut({ tasks: { games: {} } }));
    const { report } = source;
    const slas = [
      { sla: 'speedup', status: 'met', limit: 2, unit: 'times', message: '3.1, at least 2' },
      { sla: 'run', status: 'missed', limit: 1, unit: 'seconds', message: 'took 1.5s, limit 1s' },
    ] as const;
    const told = (verdict: 'success' | 'sla-missed') =>
      wordsOf(reportPage({ ...source, report: { ...report, result: { ...report.result, slas, verdict } } }));
    expect(told('success')).toContain('run ! missed took 1.5s, limit 1s speedup ✓ met 3.1, at least 2');
    expect(told('sla-missed')).toContain('✗ SLA MISSED sketch succeeded in 1.0s, but missed an SLA');
    expect(told('sla-missed')).toContain('run ✗ missed');
  });

  test('draws the number of a check from run to run', () => {
    const run = fakeRun({ tasks: { games: {} }, checks: { orphans: { after: ['games'] } } });
    run.exit('games');
    run.answer('orphans', 'fail');
    const checks = (value: number, kind = 'sql') => [{ check: 'orphans', kind, status: 'fail', value } as const];
    const now = reportSource(run, { record: { checks: checks(17) } });
    const earlier = (run_id: string, of: ReturnType<typeof checks>) => ({
      ...now.report.performance!,
      run_id,
      checks: of,
    });
    const past = [earlier('a', checks(4)), earlier('b', checks(900, 'unique')), earlier('c', checks(8))];
    const { tags } = readPage(reportPage(reportSource(run, { past, record: { checks: checks(17) } })));
    expect(tags.flatMap(({ attributes }) => attributes.get('aria-label') ?? [])).toContain('3 runs, from 4 to 17');
  });

  test('is complete when only the results of the run are left', () => {
    const run = playOut({ tasks: { games: {}, mart: { after: ['games'] } } });
    const words = wordsOf(reportPage(reportSource(run, { isPruned: true })));
    expect(words).toContain('mart ◆on the critical path 1.0s 1.0s');
  });

  test('shows each of 300 tasks on the timeline', () => {
    const tasks = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`task_${at}`, {}]));
    const page = reportPage(reportSource(playOut({ tasks })));
    expect(page.match(/<svg class="lane" aria-hidden="true"><rect/g)).toHaveLength(300);
    expect(page).not.toContain('left out');
  });

  test('of 10,000 tasks stays small, and says what it leaves out', () => {
    const tasks = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`task_${at}`, {}]));
    const run = fakeRun({ tasks }, { maxParallel: 10_000 });
    run.pass(1_000);
    for (const [at, task] of run.running().entries()) run.exit(task, at === 9_999 ? 1 : 0);
    const page = reportPage(reportSource(run));
    expect(page.length).toBeLessThan(1_500_000);
    const words = wordsOf(page);
    expect(words).toContain(
      '10,000 tasks ran: the critical path, what failed and the longest are shown, and 9,700 others left out',
    );
    expect(words).toContain('9,000 of 10,000 tasks are left out');
    expect(words).toContain('task_9999 ✗ failed exit code 1');
  });
});
