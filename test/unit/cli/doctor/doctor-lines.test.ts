import { expect, test } from 'vitest';
import { doctorLines, worstState } from '../../../../src/cli/doctor/doctor-lines.ts';
import { createStyle } from '../../../../src/cli/output/style.ts';
import { fine, resultOf } from '../../../../src/engine/index.ts';

const style = createStyle({ color: false, ascii: true, env: {}, isTerminal: false });

test('each result has its line, what to do below it, and the last line counts', () => {
  const results = [
    fine('bash', '5.2.15'),
    resultOf('database', 'warning', 'older than 14', 'upgrade'),
    { ...resultOf('program', 'problem', 'not found: \x1b[2Jx'), code: 'run/command-not-found' as const },
  ];
  expect(doctorLines(results, style)).toEqual([
    '+ bash      5.2.15',
    '! database  older than 14',
    '            -> upgrade',
    'x program   not found: x [run/command-not-found]',
    '',
    '1 problem, 1 warning',
  ]);
  expect(worstState(results)).toBe('problem');
  expect(worstState(results.slice(0, 2))).toBe('warning');
  expect(doctorLines([fine('bash', '5.2.15')], style).at(-1)).toBe('nothing is wrong');
});
