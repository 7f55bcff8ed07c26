import { stripVTControlCharacters } from 'node:util';
import { render } from 'ink-testing-library';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import Output from '../../../../node_modules/ink/build/output.js';
import { offerRows, type ResumeOffer } from '../../../../src/ui/offer/offer-rows.ts';
import { Offer, type OfferAnswer } from '../../../../src/ui/offer/offer-screen.tsx';
import { textWidth } from '../../../../src/ui/primitives/text/text-width.ts';
import { installCompositor } from '../../../../src/ui/terminal/span-compositor.ts';
import { createTheme } from '../../../../src/ui/theme.ts';
import { until } from '../support/watched-run.ts';

const theme = createTheme({ colour: false, unicode: true });
const noon = Date.UTC(2026, 0, 5, 12);
const offer: ResumeOffer = {
  pipeline: 'nfl',
  run: '20260105_114800_ab12',
  status: 'interrupted',
  endedAt: noon - 12 * 60_000,
  now: noon,
  tasks: 12,
  reused: 5,
  again: [
    { task: 'load_rates', why: 'attempt 1 was interrupted' },
    { task: 'mart', why: 'it had failed' },
  ],
};
const many = Array.from({ length: 40 }, (_, at) => ({ task: `task_${at}`, why: 'it had failed' }));

function shown(of: ResumeOffer, columns: number, rows: number, seconds?: number): readonly string[] {
  return offerRows(of, { columns, rows }, seconds, theme).map((row) => stripVTControlCharacters(row).trimEnd());
}

describe('the offer to resume a run', () => {
  test('says what happened, what is kept, what runs again and why, and what the keys do', () => {
    const rows = shown(offer, 80, 24, 15);
    expect(rows.filter((row) => row !== '')).toEqual([
      ' etl-tui nfl',
      ' ! The last run was interrupted 12m00s ago.',
      expect.stringMatching(/^ {3}run 20260105_114800_ab12, last alive 2026-01-05 \d\d:48:00 /),
      '   Resuming keeps 5 of 12 tasks and runs the other 7:',
      '     ↻ load_rates  attempt 1 was interrupted',
      '     ↻ mart        it had failed',
      '     · 5 tasks that did not run yet',
      '   A new run begins with all 12 tasks.',
      ' r resume it  Enter new run (in 15s)  q quit',
    ]);
    expect(shown({ ...offer, status: 'failed' }, 80, 24)[2]).toBe(' ✗ The last run failed 12m00s ago.');
  });

  test('has the answers in the last row on a screen of any size, and rows of exactly its width', () => {
    for (const [columns, rows] of [
      [80, 24],
      [60, 15],
      [44, 8],
      [40, 3],
      [40, 1],
    ] as const) {
      const picture = offerRows({ ...offer, tasks: 60, again: many }, { columns, rows }, 9, theme);
      expect(picture).toHaveLength(rows);
      for (const row of picture) expect(textWidth(stripVTControlCharacters(row))).toBe(columns);
      expect(stripVTControlCharacters(picture.at(-1) ?? '')).toMatch(/r resume.*Enter new.*9s.*q quit/s);
    }
    expect(shown({ ...offer, tasks: 60, again: many }, 80, 24).join('\n')).toContain(
      'A new run begins with all 60 tasks.',
    );
  });
});

describe('an answer', () => {
  const answers: OfferAnswer[] = [];
  let unmount = () => {};
  // Test files share their modules: the next one gets Ink as it was.
  const original = Output.prototype.get;
  beforeAll(() => installCompositor({}));
  afterAll(() => {
    Output.prototype.get = original;
  });
  afterEach(() => unmount());

  function open(patience: number) {
    answers.length = 0;
    const onAnswer = (answer: OfferAnswer) => void answers.push(answer);
    const size = { columns: 80, rows: 24 };
    const app = render(<Offer offer={offer} theme={theme} size={size} patience={patience} onAnswer={onAnswer} />);
    unmount = app.unmount;
    return { press: app.stdin.write, text: () => stripVTControlCharacters(app.lastFrame() ?? '') };
  }

  test.each([
    ['r', 'resume'],
    ['\r', 'new'],
    ['n', 'new'],
    ['q', 'quit'],
    ['\x03', 'interrupt'],
  ])('is one key: %j', async (key, answer) => {
    const app = open(600);
    await until(() => app.text().includes('(in 600s)'), 'the offer');
    app.press(key);
    await until(() => answers.length > 0, 'an answer');
    expect(answers).toEqual([answer]);
  });

  test('is "new run" when nobody is there', async () => {
    open(1);
    await until(() => answers.length > 0, 'an answer');
    expect(answers).toEqual(['new']);
  });

  test('is waited for as long as it takes once another key was pressed; Esc is none', async () => {
    const app = open(600);
    await until(() => app.text().includes('(in 600s)'), 'the offer');
    app.press('\x1b');
    await until(() => !app.text().includes('(in '), 'the end of the countdown');
    expect(answers).toEqual([]);
  });
});
