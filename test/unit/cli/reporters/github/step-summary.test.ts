import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { exitCodeOf } from '../../../../../src/cli/exit-code.ts';
import { appendSummary } from '../../../../../src/cli/reporters/github/append-summary.ts';
import { markdownText } from '../../../../../src/cli/reporters/github/markdown.ts';
import { refusalSummary, type StepSummary, stepSummary } from '../../../../../src/cli/reporters/github/step-summary.ts';
import type { RunEnd } from '../../../../../src/cli/reporters/reporter.ts';
import type { Diagnostic } from '../../../../../src/engine/index.ts';
import { exitVerdict } from '../../../../../src/engine/results/causes/exit-verdict.ts';
import { type FakeRun, fakeRun } from '../../../../support/fake-run.ts';
import { dangerous, scene } from '../report-run.ts';

function summaryOf(
  run: FakeRun,
  output: Record<string, string> = {},
  warnings: readonly Diagnostic[] = [],
  slas: RunEnd['slas'] = [],
  regressions: RunEnd['regressions'] = [],
): StepSummary {
  const state = run.state();
  const verdict = exitVerdict(state);
  const files = { directory: '/project/logs/etl/runs/x', journal: '/project/logs/etl/runs/x/journal.jsonl' };
  return stepSummary(
    { state, verdict, exitCode: exitCodeOf(verdict), slas, regressions, files },
    warnings,
    scene({ output }, () => {}),
  );
}

describe('the summary of a step', () => {
  test('tells the outcome, what failed with its output, the checks, and the tasks with the failures first', () => {
    const fallback = { command: { kind: 'shell', script: 'true' }, note: 'odds of yesterday' } as const;
    const run = fakeRun({
      tasks: { games: {}, odds: { fallback }, plays: {}, mart: { after: ['plays'] } },
      checks: { orphans: { after: ['games'] }, fresh: { after: ['games'] } },
    });
    run.pass(1_500);
    run.exit('games');
    run.answer('orphans', 'pass');
    run.answer('fresh', 'warn');
    run.exit('odds', 1);
    run.exit('odds');
    run.exit('plays', 3);
    const warning: Diagnostic = { code: 'run/little-left', severity: 'warning', message: 'the disk is nearly full' };
    const slas = [
      { sla: 'speedup', status: 'met', limit: 2, unit: 'times', message: '3.1, at least 2' },
      { sla: 'run', status: 'missed', limit: 1, unit: 'seconds', message: 'took 1.5s, limit 1s' },
    ] as const;
    const { whole, short } = summaryOf(run, { plays: 'no such season\n' }, [warning], slas, [
      { task: 'games', seconds: 14.2, usual_seconds: 10.1, change: 0.41, compared_runs: 7, since: 'a', slower_runs: 1 },
    ] as never);
    expect(whole).toContain('### Slower than usual\n\n- games took 14s, usually 10s &#40;&#43;41 %&#41;\n');
    expect(whole).toContain('## ✗ sketch failed in 1.5s\n');
    expect(whole).toContain(
      'tasks: 1 succeeded, 1 degraded, 1 failed, 1 not run; checks: 1 passed, 1 warned; SLAs: 1 met, 1 missed\n',
    );
    expect(whole).toContain('<code>plays</code>, the end of its output</summary>\n\n<pre>\nno such season\n</pre>\n');
    expect(whole).toContain(
      '| !&nbsp;warned | <code>fresh</code> | warn | 0.0s |\n| ✓&nbsp;passed | <code>orphans</code> |',
    );
    expect(whole).toContain('- ≈ <code>odds</code>: odds of yesterday\n');
    expect(whole).toContain('- <code>run/little-left</code>: the disk is nearly full\n');
    expect(whole).toContain('| !&nbsp;missed | <code>run</code> | took 1.5s, limit 1s |\n| ✓&nbsp;met |');
    const rows = whole.split('\n').filter((line) => line.startsWith('| ') && line.includes('<code>'));
    expect(rows.slice(4)).toEqual([
      '| ✗&nbsp;failed | <code>plays</code> | 1.5s | exit code 3 |',
      '| ⊘&nbsp;not&nbsp;run | <code>mart</code> |  | &#34;plays&#34; failed |',
      '| ≈&nbsp;degraded | <code>odds</code> | 1.5s | odds of yesterday, 2 attempts |',
      '| ✓&nbsp;succeeded | <code>games</code> | 1.5s |  |',
    ]);
    expect(whole.startsWith(short)).toBe(true);
  });

  test('shows hostile texts as they are: no markup, no table cell, no mention, no formula', () => {
    const evil =
      '</pre></details><img src=x onerror=alert(1)> | `x` [a](javascript:b) @team $x$ *b* \x1b[31m\u202e\nnext';
    const run = fakeRun({ tasks: { plays: {} }, checks: { orphans: {} } });
    run.exit('plays', { kind: 'not-started', reason: 'usage', message: evil });
    const { whole } = summaryOf(run, { plays: evil }, [
      { code: 'run/little-left', severity: 'warning', message: evil },
    ]);
    expect(whole).not.toMatch(dangerous);
    expect(whole.match(/<\/?[a-z]+/g)?.filter((tag) => !/^<\/?(?:code|pre|details|summary)$/.test(tag))).toEqual([]);
    const row = whole.split('\n').find((line) => line.startsWith('| ✗'));
    expect(row?.split('|')).toHaveLength(6);
    const outside = whole.replace(/<pre>[\s\S]*?<\/pre>/g, '');
    expect(outside).not.toMatch(/javascript:|@team|\$x\$|\*b\*|`x`/);
  });

  test('of a run with 2,000 failed tasks takes a small part of what GitHub allows', () => {
    const tasks = Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`task_${at}`, {}]));
    const run = fakeRun({ tasks }, { maxParallel: 2_000 });
    for (const task of run.running())
      run.exit(task, { kind: 'not-started', reason: 'usage', message: '<'.repeat(5_000) });
    const { whole } = summaryOf(run);
    expect(Buffer.byteLength(whole)).toBeLessThan(300_000);
    expect(whole).toContain('and 1,900 more tasks');
  });

  test('of a run that could not start names the reason', () => {
    const { whole } = refusalSummary([
      { code: 'run/locked', severity: 'error', message: 'another run has the lock', hint: 'wait for it' },
    ]);
    expect(whole).toBe(
      '## ✗ The run could not start\n\n- <code>run/locked</code>: another run has the lock; wait for it\n\n',
    );
  });
});

test('whatever a text holds, nothing of it has a meaning in Markdown', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
      expect(markdownText(text)).toMatch(/^(?:[^\\`*_{}[\]<>()+!|~$:@"'=^#&]|&#\d+;)*$/u);
      expect(markdownText(text)).not.toMatch(dangerous);
    }),
  );
});

describe('the file of the summary', () => {
  const summary = { whole: `${'x'.repeat(2_000)}\n`, short: '## short\n' };
  const fileWith = (bytes: number) => {
    const directory = mkdtempSync(join(tmpdir(), 'etl-tui-summary-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const path = join(directory, 'summary.md');
    if (bytes > 0) writeFileSync(path, 'a'.repeat(bytes));
    return path;
  };

  test('keeps what other programs have written to it', () => {
    const path = fileWith(10);
    expect(appendSummary(path, summary)).toBeUndefined();
    expect(readFileSync(path, 'utf8')).toBe(`aaaaaaaaaa${summary.whole}`);
  });

  test('gets the beginning only when there is no room for all of it, and nothing when it is full', () => {
    const nearlyFull = fileWith(1024 * 1024 - 100);
    expect(appendSummary(nearlyFull, summary)).toBeUndefined();
    expect(readFileSync(nearlyFull, 'utf8').endsWith('a## short\n')).toBe(true);
    const full = fileWith(1024 * 1024);
    expect(appendSummary(full, summary)).toMatchObject({ code: 'run/cannot-write', severity: 'warning' });
    expect(readFileSync(full)).toHaveLength(1024 * 1024);
  });

  test('that is a pipe is a warning, because nobody may read it', () => {
    const path = `${fileWith(0)}.pipe`;
    execFileSync('mkfifo', [path]);
    expect(appendSummary(path, summary)?.message).toContain('it is a pipe');
  });

  test('that cannot be written is a warning', () => {
    expect(appendSummary(join(fileWith(1), 'below'), summary)).toMatchObject({
      code: 'run/cannot-write',
      severity: 'warning',
    });
  });
});
