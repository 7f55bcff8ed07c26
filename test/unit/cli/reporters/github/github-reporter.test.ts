import { expect, test } from 'vitest';
import { githubReporter } from '../../../../../src/cli/reporters/github/github-reporter.ts';
import { fakeRun } from '../../../../support/fake-run.ts';
import { dangerous, reportRun } from '../report-run.ts';

test('a task’s output is a group, printed in full, in which no workflow command takes effect', () => {
  const run = fakeRun({ tasks: { plays: {} } });
  run.exit('plays');
  const log = reportRun(githubReporter, run, { output: { plays: 'hello\n::add-path::/tmp\n::endgroup::\n' } });
  const [, token = ''] = /::stop-commands::(\w{32})\n/.exec(log) ?? [];
  expect(log).toContain(
    [
      '::group::00:00  ✓ plays     succeeded        0.0s',
      `::stop-commands::${token}`,
      'hello',
      '::add-path::/tmp',
      '::endgroup::',
      '(log: logs/etl/runs/x/tasks/plays/1.log)',
      `::${token}::`,
      '::endgroup::',
      '',
    ].join('\n'),
  );
});

test('a task without output is one line', () => {
  const run = fakeRun({ tasks: { plays: {} } });
  run.exit('plays');
  expect(reportRun(githubReporter, run)).toContain('\n00:00  ✓ plays     succeeded        0.0s\n');
});

test('a failure is an annotation at the task’s place in the pipeline file', () => {
  const at = { file: 'etl/a,b:c.yaml', line: 12, col: 3, length: 4 };
  const run = fakeRun({ tasks: { plays: { at } as never } });
  run.exit('plays', { kind: 'not-started', reason: 'usage', message: '100% gone\nfor ever' });
  const log = reportRun(githubReporter, run);
  expect(log).toContain('\n::error title=plays%3A failed,file=etl/a%2Cb%3Ac.yaml,line=12::100%25 gone');
});

test('at most ten failures are annotated, because GitHub shows no more', () => {
  const tasks = Object.fromEntries(Array.from({ length: 15 }, (_, at) => [`t${at}`, {}]));
  const run = fakeRun({ tasks }, { maxParallel: 15 });
  for (const task of run.running()) run.exit(task, 1);
  const log = reportRun(githubReporter, run);
  expect(log.match(/^::error /gm)).toHaveLength(10);
});

test('a check that warns is a warning, and one that fails an error', () => {
  const run = fakeRun({ tasks: { plays: {} }, checks: { orphans: { after: ['plays'] }, fresh: { after: ['plays'] } } });
  run.exit('plays');
  run.answer('orphans', 'fail');
  run.answer('fresh', 'warn');
  const log = reportRun(githubReporter, run);
  expect(log).toContain('::error title=orphans%3A check failed,');
  expect(log).toContain('::warning title=fresh%3A check warned,');
});

test('workflow commands outside a group take no effect either', () => {
  const evil = '##[set-env name=PATH]x ::set-output name=x::y \x1b[31m';
  const run = fakeRun({ tasks: { plays: {} }, checks: { orphans: {} } });
  run.exit('plays', { kind: 'not-started', reason: 'usage', message: evil });
  const result = { check: 'orphans', verdict: 'fail', summary: evil, measured: {}, durationMs: 1 } as const;
  const events = [...run.events, { at: run.now(), type: 'check.finished', result } as const];
  const log = reportRun(githubReporter, { ...run, events });
  expect(log).not.toMatch(dangerous);
  const obeyed = log
    .split('\n')
    .filter((line) => /^\s*::(?!error |group::|endgroup::|stop-commands::|\w{32}::)/.test(line));
  expect(obeyed).toEqual([]);
  expect(log.split('\n').filter((line) => line.includes('##[') && !line.startsWith('::error'))).toEqual([]);
});
