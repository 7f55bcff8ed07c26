import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { junitReport } from '../../../../../src/cli/reporters/junit/junit-report.ts';
import { xmlAttribute, xmlText } from '../../../../../src/cli/reporters/junit/xml-text.ts';
import type { SlaJudgement } from '../../../../../src/engine/index.ts';
import { fakeRun } from '../../../../support/fake-run.ts';
import { tailOf } from '../report-run.ts';
import { breachesOfJenkins } from './jenkins-schema.ts';

describe('the JUnit report', () => {
  const run = fakeRun(
    {
      tasks: {
        games: {},
        odds: {},
        broken: {},
        slow: { timeoutMs: 5_000 },
        mart: { after: ['odds'] },
      },
      checks: {
        orphans: { after: ['games'] },
        fresh: { after: ['games'] },
        asked: { after: ['games'] },
        never: { after: ['mart'] },
      },
    },
    {},
  );
  run.pass(1_250);
  run.exit('games');
  run.exit('odds', 3);
  run.exit('broken', { kind: 'not-started', reason: 'usage', message: 'no program "x"' });
  run.answer('orphans', 'fail');
  run.answer('fresh', 'warn');
  run.answer('asked', 'error');
  run.fire('timeout', 'slow');
  run.exit('slow', { kind: 'signalled', signal: 'SIGTERM' });
  const report = junitReport(run.state(), tailOf({ odds: 'a <b> & "c" \x1b[31m\x00 ]]>\nend\n' }));

  test('counts failures, errors and skipped tasks', () => {
    expect(report).toContain('<testsuites name="sketch" tests="9" failures="3" errors="2" time="5.000">');
    expect(report).toContain('<testsuite name="tasks" tests="5" failures="2" errors="1" skipped="1"');
    expect(report).toContain('<testsuite name="checks" tests="4" failures="1" errors="1" skipped="1"');
  });

  test('has a case for each task and check', () => {
    expect(report).toContain('<testcase name="games" classname="sketch.tasks" time="1.250"/>');
    expect(report).toContain('<failure message="failed: exit code 3" type="exit-code">');
    expect(report).toContain('<error message="failed: no program &quot;x&quot;" type="not-started"/>');
    expect(report).toContain('type="timeout"');
    expect(report).toContain(
      '<testcase name="mart" classname="sketch.tasks" time="0.000"><skipped message="not run: &quot;odds&quot; failed"/></testcase>',
    );
    expect(report).toContain(
      '<testcase name="fresh" classname="sketch.checks" time="0.001"><system-out>check warned: warn</system-out></testcase>',
    );
    expect(report).toContain(
      '<testcase name="never" classname="sketch.checks" time="0.000"><skipped message="not run: &quot;odds&quot; failed"/></testcase>',
    );
  });

  test('holds the end of the output of what failed', () => {
    expect(report).toContain('a &lt;b&gt; &amp; "c" ␀ ]]&gt;\nend</failure>');
  });

  test('names what a failed check measured, and counts warnings and degraded tasks in properties', () => {
    const measuring = fakeRun({
      tasks: { games: {} },
      checks: { orphans: { after: ['games'] }, fresh: { after: ['games'] } },
    });
    measuring.exit('games');
    const measured = { orphan_rows: 1_204, first_keys: ['7', '<9>'] };
    const found = { summary: 'plays without a game', measured, durationMs: 5 };
    measuring.take({ type: 'checked', result: { check: 'orphans', verdict: 'fail', ...found } });
    measuring.take({ type: 'checked', result: { check: 'fresh', verdict: 'warn', ...found } });
    const xml = junitReport(measuring.state(), tailOf());
    expect(xml).toContain(
      '<failure message="plays without a game" type="check">orphan rows: 1,204\nfirst keys: 7, &lt;9&gt;</failure>',
    );
    expect(xml).toContain('<system-out>check warned: plays without a game\norphan rows: 1,204\n');
    const [, tasks = '', checks = ''] = xml.split('<properties>');
    expect(tasks).toContain('<property name="run" value="20260105_120000_test"/>');
    expect(tasks).toContain('<property name="warnings" value="0"/>');
    expect(checks).toContain('<property name="verdict" value="check-failed"/>');
    expect(checks).toContain('<property name="warnings" value="1"/>');
    expect(breachesOfJenkins(xml)).toEqual([]);
  });

  test('has a case for each SLA; a missed one is a failure only where it makes the run fail', () => {
    const done = fakeRun({ tasks: { games: {} } });
    done.exit('games');
    const slas: readonly SlaJudgement[] = [
      { sla: 'run', status: 'missed', limit: 60, unit: 'seconds', message: 'took 2m00s, limit 1m' },
      { sla: 'speedup', status: 'met', limit: 2, unit: 'times', message: '3.1, at least 2' },
      { sla: 'cpu', status: 'not-measured', limit: 0.8, unit: 'share', message: 'it was over too soon' },
    ];
    const warned = junitReport(done.state(), tailOf(), slas);
    expect(warned).toContain('<testsuite name="slas" tests="3" failures="0" errors="0" skipped="1"');
    expect(warned).toContain('<system-out>missed: took 2m00s, limit 1m</system-out>');
    const { plan } = done.state();
    const strict = {
      ...plan,
      pipeline: { ...plan.pipeline, slas: { ...plan.pipeline.slas, onMiss: 'fail' as const } },
    };
    const failing = junitReport({ ...done.state(), plan: strict }, tailOf(), slas);
    expect(failing).toContain('<failure message="took 2m00s, limit 1m" type="sla"/>');
    expect([warned, failing].flatMap(breachesOfJenkins)).toEqual([]);
  });

  test('tells of attempts that failed before a success', () => {
    const retried = fakeRun({ tasks: { odds: { retry: { retries: 1 } } } });
    retried.exit('odds', 1);
    retried.fire('retry', 'odds');
    retried.exit('odds');
    expect(junitReport(retried.state(), tailOf())).toContain('<system-out>succeeded: 2 attempts</system-out>');
  });

  test('is valid for the schema of Jenkins, and notes warnings and degraded tasks', () => {
    const fallback = { command: { kind: 'shell', script: 'true' }, note: 'yesterday’s <odds>' } as const;
    const degraded = fakeRun({ tasks: { odds: { fallback }, long: {}, after: { after: ['long'] } } });
    degraded.exit('odds', 1);
    degraded.exit('odds', 0);
    degraded.cancel();
    degraded.exit('long', { kind: 'signalled', signal: 'SIGTERM' });
    const second = junitReport(degraded.state(), tailOf());
    expect(second).toContain('<system-out>degraded: yesterday’s &lt;odds&gt;, 2 attempts</system-out>');
    expect(report).toContain('<system-out>check warned: warn</system-out>');
    expect([report, second].flatMap(breachesOfJenkins)).toEqual([]);
    // The rules themselves find what is wrong.
    expect(breachesOfJenkins('<testsuites skipped="1"><testsuite name="a" tests="1"/><b/></testsuites>')).toEqual([
      'testsuites has skipped',
      'testsuite lacks failures',
      'testsuite lacks errors',
      'b in testsuites',
    ]);
  });

  test('of an interrupted run says so', () => {
    const left = fakeRun({ tasks: { games: {} } });
    expect(junitReport(left.state(), tailOf())).toContain('<error message="left unfinished" type="unfinished"/>');
  });
});

describe('text in XML', () => {
  const allowed = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

  test('is valid whatever the text is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(xmlText(text)).toMatch(allowed);
        expect(xmlText(text)).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|#13;)/);
        expect(xmlAttribute(text)).toMatch(allowed);
        expect(xmlAttribute(text)).not.toMatch(/[<>"\n\t\r]|&(?!amp;|lt;|gt;|quot;|#9;|#10;|#13;)/);
      }),
    );
  });

  test('keeps what XML can represent', () => {
    expect(xmlText('Zürich 👍 \ud800\x00')).toBe('Zürich 👍 \ufffd\ufffd');
  });
});
