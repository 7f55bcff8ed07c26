import fc from 'fast-check';
import { expect, test } from 'vitest';
import { githubReporter } from '../../../../src/cli/reporters/github/github-reporter.ts';
import { jsonReporter } from '../../../../src/cli/reporters/json-reporter.ts';
import { junitReport } from '../../../../src/cli/reporters/junit/junit-report.ts';
import { plainReporter } from '../../../../src/cli/reporters/plain-reporter.ts';
import { parseReport } from '../../../../src/engine/executors/process/output/parse-report.ts';
import { performanceRecord } from '../../../../src/engine/results/files/performance-record.ts';
import { explainWait } from '../../../../src/engine/scheduler/admission/explain-wait.ts';
import { fakeRun } from '../../../support/fake-run.ts';
import { reportRun, tailOf } from './report-run.ts';

const keys = ['progress', 'rows', 'rows_changed', 'quota_remaining', 'retry_after_seconds'] as const;
const odd = fc.oneof(
  fc.double().map(String),
  fc.constantFrom(
    '1e308',
    '-5',
    '"NaN"',
    'NaN',
    '1e300',
    '1e15',
    '1e999',
    '-0',
    'null',
    '[]',
    '0.5',
    '9007199254740993',
  ),
);

test('whatever numbers a task reports, the run ends, and every report can be written', () => {
  const line = fc.record(Object.fromEntries(keys.map((key) => [key, odd])), { requiredKeys: [] });
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), (lines) => {
      const run = fakeRun({ tasks: { odds: { retry: { retries: 1 } } } });
      const report = () => {
        for (const said of lines) {
          const text = `{${Object.entries(said).map(([key, value]) => `"${key}":${value}`)}}`;
          const parsed = parseReport(text, (message) => message).report;
          if (parsed !== undefined) run.report('odds', parsed);
        }
      };
      report();
      run.exit('odds', 1);
      expect(explainWait(run.state(), 0, run.now())).toMatch(/^retry in \d+[smh]/);
      const before = run.now();
      run.fire('retry', 'odds');
      expect(run.now() - before).toBeLessThanOrEqual(3_600_000);
      report();
      run.exit('odds');
      expect(run.status()).toBe('success');
      const texts = [
        ...[plainReporter, githubReporter, jsonReporter].map((create) => reportRun(create, run)),
        junitReport(run.state(), tailOf()),
        JSON.stringify(performanceRecord(run.state(), run.events, { tail: tailOf(), logPath: () => '' }, run.now())),
      ];
      for (const text of texts) expect(text).not.toMatch(/NaN|Infinity|Invalid|\de\+/);
    }),
  );
});
