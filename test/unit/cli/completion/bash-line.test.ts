import { expect, test } from 'vitest';
import { bashReplies, readBashLine } from '../../../../src/cli/completion/bash-line.ts';

/** As bash has it when nobody has changed it. */
const breaks = ' \t\n"\'@><=;|&(:';

test.each([
  ['etl-tui ', ['etl-tui'], '', '', ''],
  ['etl-tui  run --only lo', ['etl-tui', 'run', '--only'], 'lo', '', ''],
  ['etl-tui run --only=lo', ['etl-tui', 'run'], '--only=lo', '--only=', ''],
  ['etl-tui -p day=2026-01-05T', ['etl-tui', '-p'], 'day=2026-01-05T', 'day=', ''],
  ["etl-tui run 'my file", ['etl-tui', 'run'], 'my file', '', "'"],
  ['etl-tui run my\\ file --on', ['etl-tui', 'run', 'my file'], '--on', '', ''],
  ['etl-tui run "a \\"b\\" $c', ['etl-tui', 'run'], 'a "b" $c', '', '"'],
  ["etl-tui run --only 'load[season=2", ['etl-tui', 'run', '--only'], 'load[season=2', '', "'"],
  ['etl-tui run --only load\\[season\\=2', ['etl-tui', 'run', '--only'], 'load[season=2', '', ''],
  ['etl-tui run --only load[season=2', ['etl-tui', 'run', '--only'], 'load[season=2', 'load[season=', ''],
  ["etl-tui run 'a'b", ['etl-tui', 'run'], 'ab', 'a', ''],
  ['etl-tui run \\', ['etl-tui', 'run'], '', '', ''],
] as const)('the line %j is read as bash reads it', (line, before, current, kept, quote) => {
  expect(readBashLine(line, breaks)).toEqual({ before, current, kept, quote });
});

test.each([
  ['', ['orders', 'mart'], ['orders', 'mart']],
  ['', ['load[a=1]', 'load[a=2]'], ["'load[a=1]'", "'load[a=2]'"]],
  // What all begin with is inserted, which must not be half a quote.
  ['', ['load', 'load[a=1]'], ['load', 'load\\[a=1\\]']],
  ['load[a=', ['load[a=1]', 'load[a=2]'], ['1\\]', '2\\]']],
  ['--only=', ['--only=load[a=1]'], ["'load[a=1]'"]],
  ['', ["it's"], ["'it'\\''s'"]],
])('behind %j the words %j are put in as %j', (kept, values, replies) => {
  expect(bashReplies(values, { before: [], current: '', kept, quote: '' })).toEqual(replies);
});

test('in quotes that are open, only what would end them is written otherwise', () => {
  const line = { before: [], current: '', kept: '' };
  expect(bashReplies(['load[a=1]', "it's"], { ...line, quote: "'" })).toEqual(['load[a=1]', "it'\\''s"]);
  expect(bashReplies(['load[a=1]', 'a "$b"'], { ...line, quote: '"' })).toEqual(['load[a=1]', 'a \\"\\$b\\"']);
});
