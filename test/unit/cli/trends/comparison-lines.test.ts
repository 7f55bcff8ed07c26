import { describe, expect, it } from 'vitest';
import { createStyle } from '../../../../src/cli/output/style.ts';
import { comparisonLines } from '../../../../src/cli/trends/comparison-lines.ts';
import { compareRuns, type StoredComparison } from '../../../../src/engine/index.ts';
import { recordOfDay } from '../../../support/performance-records.ts';

const style = createStyle({ color: false, env: {}, isTerminal: false });

const against = recordOfDay(
  0,
  { games: { seconds: 10, rows: 49_665 }, odds: 4, old: 1 },
  { params: { season: '2024' } },
);
const run = recordOfDay(
  1,
  { games: { seconds: 15, rows: 51_002 }, odds: { seconds: 6, status: 'failed', attempts: 2 }, new: 2 },
  { params: { season: '2025' }, plan_hash: 'fedcba9876543210', status: 'failed', verdict: 'task-failed' },
);

function compared(more: Partial<StoredComparison> = {}): StoredComparison {
  return { ...compareRuns(run, against), status: { run: 'failed', against: 'success' }, ...more };
}

describe('two runs side by side', () => {
  it('have the whole, parameters, the pipeline, and each task', () => {
    const changes = [
      { part: 'task', name: 'odds', change: 'changed', keys: ['command'] },
      { part: 'task', name: 'new', change: 'added' },
    ] as const;
    expect(comparisonLines(compared({ pipeline_changes: changes }), style)).toEqual([
      'nfl: run 20260106_120000_aaaa against 20260105_120000_aaaa',
      '',
      '          against                  run                      change',
      'started   2026-01-05 12:00:00 UTC  2026-01-06 12:00:00 UTC',
      'status    success                  failed',
      'duration  15s                      23s                      +8.0s (+53 %)',
      '',
      'Parameters',
      '  season  2024 → 2025',
      '',
      'Pipeline: a different plan (0123456789abcdef, now fedcba9876543210)',
      '  task odds  changed: command',
      '  task new   new',
      '',
      'task   against   run  change',
      'games      10s   15s   +5.0s  +50 %  rows 49,665 → 51,002',
      'odds      4.0s  6.0s   +2.0s  +50 %  success → failed, attempts 1 → 2',
      'new          -  2.0s                 new in this run',
      'old       1.0s     -                 not in this run',
    ]);
  });

  it('of the same plan say so, and nothing of parameters that are the same', () => {
    const same = { ...compareRuns(against, against), status: { run: 'success', against: 'success' } } as const;
    const lines = comparisonLines(same, style);
    expect(lines).toContain('Pipeline: the same plan');
    expect(lines).not.toContain('Parameters');
    expect(lines).toContain('odds      4.0s  4.0s    0.0s  0 %');
  });

  it('say of a task that something upstream kept from running that it was not run', () => {
    const blocked = recordOfDay(1, { games: { seconds: 0, status: 'upstream_failed', attempts: 0 } });
    const both = { ...compareRuns(blocked, against), status: { run: 'failed', against: 'success' } } as const;
    expect(comparisonLines(both, style).join('\n')).toMatch(/^games .* success → not run/m);
  });
});
