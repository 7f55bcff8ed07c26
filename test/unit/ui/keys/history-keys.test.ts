import { expect, test } from 'vitest';
import type { PerformanceRecord } from '../../../../src/engine/index.ts';
import { historyOf } from '../../../../src/ui/panes/history/history.ts';
import { fakeRun } from '../../../support/fake-run.ts';
import { type PressedScreen, screenOf } from '../support/screen-of.ts';

const run = fakeRun({ tasks: { load: {}, mart: { after: ['load'] } } });
run.exit('load');
run.exit('mart');
const state = run.state();

function record(run_id: string): PerformanceRecord {
  return {
    run_id,
    status: 'success',
    verdict: 'success',
    completed_at: '2026-01-04T06:00:00.000Z',
    total_duration_seconds: 1,
    results: [],
  } as unknown as PerformanceRecord;
}

const past = ['20260101_060000_a1b2', '20260102_060000_m7c1', '20260103_060000_p0q2'];

function open(ids: readonly string[]): PressedScreen {
  return screenOf({ state, history: historyOf(ids.map(record)) }).press('6');
}

test('Enter opens the newest run until another is selected', () => {
  const screen = open(past);
  expect(screen.press('Enter').commands).toEqual([{ type: 'open-past', run: past[2] }]);
  expect(screen.press('j', 'j', 'j', 'Enter').commands).toEqual([{ type: 'open-past', run: past[0] }]);
  expect(screen.press('G', 'k', 'Enter').commands).toEqual([{ type: 'open-past', run: past[1] }]);
});

test('Enter on the run that is on the screen, or without any, says why it does nothing', () => {
  expect(open([...past, state.options.run]).press('Enter').screen.message?.text).toBe(
    'open: this run is on the screen',
  );
  expect(open([]).press('Enter').screen.message?.text).toBe('open: no runs yet');
});

test('c compares and goes back, and so does Esc; without another run it says why not', () => {
  const compared = open(past).press('c');
  expect(compared.screen.comparing).toBe(true);
  expect(compared.press('c').screen.comparing).toBeUndefined();
  expect(compared.press('Esc').screen).toMatchObject({ focus: 'history', shown: 'history' });
  expect(compared.press('Esc').screen.comparing).toBeUndefined();
  expect(open([state.options.run]).press('c').screen.message?.text).toBe('compare: there is no other run');
  expect(open([]).press('c').screen.message?.text).toBe('compare: there is no other run');
});

test('in a past run Esc undoes what was opened, then returns; elsewhere it never leaves', () => {
  const inPast = screenOf({ state, isPast: true, playback: { isPlaying: false, isAtEnd: true, speed: 10 } });
  const opened = inPast.press('6', 'z');
  expect(opened.press('Esc', 'Esc').commands).toEqual([]);
  expect(opened.press('Esc', 'Esc', 'Esc').commands).toEqual([{ type: 'leave', how: 'quit' }]);
  expect(screenOf({ state }).press('6', 'Esc', 'Esc', 'Esc').commands).toEqual([]);
});

test('Space at the end of a past run plays it from its beginning; at the end of a replay it says that it is over', () => {
  const playback = { isPlaying: false, isAtEnd: true, speed: 10 };
  expect(screenOf({ state, isPast: true, playback }).press(' ').commands).toEqual([
    { type: 'open-past', run: state.options.run, again: true },
  ]);
  expect(screenOf({ state, playback }).press(' ').screen.message?.text).toBe(
    'play: the replay is at its end; Left goes back',
  );
});
