import { describe, expect, test } from 'vitest';
import { planPipeline } from '../../../../src/engine/pipeline/plan-pipeline.ts';
import { fakeRun } from '../../../support/fake-run.ts';
import { type PressedScreen, screenOf, selectedName } from '../support/screen-of.ts';

const text = `
tasks:
  list: { command: [x] }
  load: { command: [x], matrix: { season: [2022, 2023] } }
pipelines:
  extract: [list]
  transform: [load]
`;
const nested = () => screenOf({ state: fakeRun(planPipeline(text, 'f.yaml').plan!).state() });
const flat = () => screenOf({ state: fakeRun({ tasks: { a: {}, b: {} } }).state() });

function rowsOf({ view }: PressedScreen): string {
  return view.rows.map((row) => row.kind[0]).join('');
}

function said(screen: PressedScreen): string | undefined {
  return screen.screen.message?.text;
}

describe('folding all', () => {
  test('leaves the levels, and unfolding all shows every instance', () => {
    expect(rowsOf(nested())).toBe('ltlf');
    expect(rowsOf(nested().press('H'))).toBe('ll');
    expect(rowsOf(nested().press('U'))).toBe('ltlftt');
    expect(rowsOf(nested().press('H', 'U'))).toBe('ltlftt');
  });

  test('selects the level of the task that was selected', () => {
    expect(selectedName(nested().press('Home', 'j', 'j', 'j', 'l', 'j', 'H'))).toBe('transform');
  });

  test('folds matrices and no levels while the list is sorted', () => {
    const sorted = nested().press('o', 'U');
    expect(rowsOf(sorted)).toBe('tftt');
    expect(rowsOf(sorted.press('H'))).toBe('tf');
    expect(rowsOf(sorted.press('H', 'o', 'o'))).toBe('ltlf');
  });

  test('says why it does nothing', () => {
    expect(said(flat().press('H'))).toBe('fold: there are no levels and no matrices here');
    expect(said(nested().press('/', 'l', 'Enter', 'H'))).toBe('fold: a filter shows all matches; Esc clears it');
  });
});

describe('folding one', () => {
  test('says why it does nothing', () => {
    expect(said(flat().press('Home', 'h'))).toBe('fold: the task is in no level and no matrix');
    expect(said(flat().press('Home', 'l'))).toBe('unfold: a task has nothing below it');
    expect(said(nested().press('Home', 'l'))).toBe('unfold: it is unfolded');
    expect(said(nested().press('Home', 'h', 'h'))).toBe('fold: it is folded');
    expect(said(nested().press('/', 'l', 'Enter', 'Home', 'Enter'))).toMatch(/^fold: a filter/);
  });
});

describe('going from level to level', () => {
  test('passes over tasks, and stops at the first and the last level', () => {
    const first = nested().press('Home', 'j');
    expect(selectedName(first.press('J'))).toBe('transform');
    expect(selectedName(first.press('K'))).toBe('extract');
    expect(selectedName(first.press('J', 'K'))).toBe('extract');
    expect(said(first.press('J', 'J'))).toBe('level: this is the last one');
    expect(said(first.press('K', 'K'))).toBe('level: this is the first one');
  });

  test('says why there is none to go to', () => {
    expect(said(flat().press('J'))).toBe('level: this pipeline has no levels');
    expect(said(nested().press('o', 'J'))).toBe('level: the list is sorted by state; o changes that');
  });
});
