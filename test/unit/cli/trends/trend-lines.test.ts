import { describe, expect, it } from 'vitest';
import { createStyle } from '../../../../src/cli/output/style.ts';
import { trendLines } from '../../../../src/cli/trends/trend-lines.ts';
import type { TrendsReport } from '../../../../src/engine/index.ts';
import { trendsOf } from '../../../../src/engine/results/trends/run-trends.ts';
import { recordOfDay } from '../../../support/performance-records.ts';

const style = createStyle({ color: false, env: {}, isTerminal: false });

function reportOf(tasks: readonly Parameters<typeof recordOfDay>[1][], more: Partial<TrendsReport> = {}): TrendsReport {
  const records = tasks.map((of, day) => recordOfDay(day, of));
  return { pipeline: 'nfl', params: {}, varied: [], all_params: false, left_out: 0, ...trendsOf(records), ...more };
}

const week = [10, 10, 11, 10, 9, 10, 20].map((seconds, day) => ({
  games: { seconds: 2, rows: 49_665 },
  plays: { seconds, attempts: day === 2 ? 3 : 1 },
}));

describe('the trends of a pipeline as text', () => {
  it('have durations, reliability, the slowest tasks and what is slower than usual', () => {
    expect(trendLines(reportOf(week), style)).toEqual([
      'nfl: 7 runs',
      '2026-01-05 12:00 UTC to 2026-01-11 12:00 UTC',
      '',
      'duration       trend  median  mean  stdev   min   max  last',
      'the run      ▅▅▅▅▅▅█     12s   13s   3.8s   11s   22s   22s',
      'plays        ▅▅▅▅▄▅█     10s   11s   3.8s  9.0s   20s   20s',
      'games        ███████    2.0s  2.0s   0.0s  2.0s  2.0s  2.0s',
      '',
      'reliability  critical path  runs  success  retries  rows (median)',
      'the run                        7    100 %        2         49,665',
      'plays                 84 %     7    100 %        2',
      'games                 16 %     7    100 %        0         49,665',
      '',
      'Slowest',
      '  plays   10s  83 % of the run',
      '  games  2.0s  17 % of the run',
      '',
      'Slower than usual',
      '  the run took 22s, usually 12s (+83 %)',
      '  plays took 20s, usually 10s (+100 %)',
    ]);
  });

  it('say which parameters the runs had, and how many with others were left out', () => {
    const params = { season: '2025', from_week: '3' };
    expect(trendLines(reportOf(week, { params, left_out: 3 }), style).slice(0, 3)).toEqual([
      'nfl: 7 runs with season=2025, from_week=3',
      '2026-01-05 12:00 UTC to 2026-01-11 12:00 UTC',
      '3 runs with other parameters not shown (--all-params)',
    ]);
    expect(trendLines(reportOf(week, { params, all_params: true }), style)[0]).toBe('nfl: 7 runs with any parameters');
  });

  it('fit into 80 columns whatever the names and durations', () => {
    const name = 'a_task_with_a_very_long_name_that_nobody_would_like_to_type_and_a_tail';
    const report = reportOf([
      { [name]: 7000, [`${name}_2`]: 86_400 * 3 },
      { [name]: 8000, [`${name}_2`]: 0.3 },
    ]);
    const lines = trendLines(report, style, 80);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.some((line) => /^a_task.*….*_tail /.test(line))).toBe(true);
    expect(trendLines(report, style).some((line) => line.startsWith(`${name} `))).toBe(true);
  });

  it('of one task go run by run', () => {
    const report = reportOf(week);
    const lines = trendLines({ ...report, tasks: report.tasks.slice(0, 1), slowest: [] }, style);
    expect(lines).toContain('run                   started               duration  to median');
    expect(lines).toContain('20260111_120000_aaaa  2026-01-11 12:00 UTC       20s     +100 %');
  });

  it('are plain ASCII with --ascii', () => {
    const ascii = createStyle({ color: false, ascii: true, env: {}, isTerminal: false });
    expect(trendLines(reportOf(week), ascii).join('\n')).toMatch(/^[\x20-\x7e\n]*$/);
  });
});
