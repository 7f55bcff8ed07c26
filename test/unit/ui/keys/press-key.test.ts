import { describe, expect, test } from 'vitest';
import { replay } from '../../../../src/engine/scheduler/state/replay.ts';
import { halfWayRun, planOf, runStarted, stateOf } from '../support/half-way-run.ts';
import { type PressedScreen, screenOf, selectedName } from '../support/screen-of.ts';

/** On the task of that name. */
function on(name: string, screen = screenOf()): PressedScreen {
  return screen.press('/', ...name, 'Enter', 'Home', 'j');
}

describe('moving the selection', () => {
  const first = 'level_0_parallel';
  test.each([
    [['Home'], first],
    [['Home', 'j'], 'nflverse_schedules'],
    [['Home', 'Down', 'Down'], 'nflverse_players'],
    [['Home', 'j', 'j', 'k'], 'nflverse_schedules'],
    [['Home', 'k'], first],
    [['G'], 'materialized_views'],
    [['End', 'j'], 'materialized_views'],
    [['G', 'Home'], first],
    [['Home', 'PageDown'], 'materialized_views'],
    [['G', 'PageUp'], first],
    [['Home', 'Ctrl+D', 'Ctrl+U'], first],
  ])('%j selects %s', (keys, name) => {
    expect(selectedName(screenOf().press(...keys))).toBe(name);
  });
});

describe('the selection', () => {
  test('stays on its task when the list is sorted differently', () => {
    const screen = on('odds_history').press('Esc');
    for (const keys of [['o'], ['o', 'o'], ['o', 'o', 'o']]) {
      expect(selectedName(screen.press(...keys))).toBe('odds_history');
    }
  });

  test('moves to the level when the task is collapsed, and to a neighbour when it is filtered out', () => {
    const screen = on('odds_history').press('Esc');
    expect(selectedName(screen.press('h', 'h'))).toBe('level_1_parallel');
    expect(selectedName(screen.press('/', ...'weather', 'Enter'))).not.toBe('odds_history');
  });

  test('follows the run until an operator selects', () => {
    expect(selectedName(screenOf())).toBe('nflverse_pbp');
    expect(selectedName(screenOf().press('Home', 'j'))).toBe('nflverse_schedules');
  });

  test('moves with e from failed task to failed task, into collapsed levels too', () => {
    const screen = screenOf().press('e');
    expect(selectedName(screen)).toBe('weather_fetch');
    expect(selectedName(screen.press('h', 'h', 'Home', 'e'))).toBe('weather_fetch');
  });
});

describe('keys for actions', () => {
  test('retry a failed task at once', () => {
    expect(on('weather_fetch').press('r').commands).toEqual([
      { type: 'intend', verb: 'retry', intents: [{ type: 'retry-task', task: 'weather_fetch', downstream: false }] },
    ]);
  });

  test.each([
    ['R', 'Run weather_fetch and 2 tasks downstream again?', { type: 'retry-task', downstream: true }],
    ['s', 'Skip weather_fetch? 2 tasks downstream will run without it.', { type: 'skip-task' }],
  ])('%s asks for confirmation', (key, question, intent) => {
    const asked = on('weather_fetch').press(key);
    expect(asked.commands).toEqual([]);
    expect(asked.screen.prompt).toMatchObject({ kind: 'question', text: question });
    for (const no of ['n', 'Esc', 'q', 'Enter', ' ']) {
      expect(asked.press(no).commands).toEqual([]);
      expect(asked.press(no).screen.prompt).toBeUndefined();
    }
    const [command] = asked.press('y').commands;
    expect(command).toMatchObject({ type: 'intend', intents: [{ task: 'weather_fetch', ...intent }] });
  });

  test('x asks for confirmation of the cancellation, with the tasks that will not run', () => {
    const asked = on('nflverse_pbp').press('x');
    expect(asked.screen.prompt).toMatchObject({ text: 'Cancel nflverse_pbp? 4 tasks downstream will not run.' });
    expect(asked.press('y').commands).toMatchObject([{ intents: [{ type: 'cancel-task', task: 'nflverse_pbp' }] }]);
  });

  test('on a single task show the reason of a refusal, without a confirmation before', () => {
    for (const [key, type] of [
      ['r', 'retry-task'],
      ['R', 'retry-task'],
    ] as const) {
      expect(on('nflverse_pbp').press(key).commands).toMatchObject([{ intents: [{ type, task: 'nflverse_pbp' }] }]);
    }
    expect(on('nflverse_players').press('s').commands).toMatchObject([{ intents: [{ type: 'skip-task' }] }]);
    expect(on('nflverse_players').press('x').commands).toMatchObject([{ intents: [{ type: 'cancel-task' }] }]);
  });

  test('act on all marked tasks, which are unmarked then', () => {
    const marked = on('weather_fetch').press(' ', 'Esc', 'Esc').press(' ');
    const both = on('weather_fetch').press(' ', '/', 'Ctrl+U', ...'odds', 'Enter', 'Home', 'j', ' ');
    expect(marked.screen.marked.size).toBeLessThan(2);
    expect(both.screen.marked.size).toBe(2);
    const asked = both.press('s');
    expect(asked.screen.prompt).toMatchObject({ text: expect.stringMatching(/^Skip 2 marked tasks\?/) });
    const done = asked.press('y');
    expect(done.screen.marked.size).toBe(0);
    expect(done.commands).toMatchObject([
      { intents: [{ task: 'odds_history' }, { task: 'weather_fetch' }].map((one) => ({ type: 'skip-task', ...one })) },
    ]);
  });

  test('on a level act on those of its tasks to which they apply', () => {
    const level = screenOf().press('Home', 'j', 'j', 'j', 'j');
    expect(selectedName(level)).toBe('level_1_parallel');
    expect(level.press('r', 'y').commands).toMatchObject([
      { intents: [{ task: 'odds_history' }, { task: 'weather_fetch' }] },
    ]);
  });

  test.each([
    ['p', [{ type: 'pause' }]],
    ['+', [{ type: 'limit', maxParallel: 9 }]],
    ['-', [{ type: 'limit', maxParallel: 7 }]],
  ])('%s acts on the run', (key, intents) => {
    expect(screenOf().press(key).commands).toMatchObject([{ type: 'intend', intents }]);
  });
});

describe('quitting', () => {
  const plan = planOf('version: 1\nname: one\ntasks: { a: { command: "true" } }');
  const over = stateOf(plan, [
    runStarted,
    [1, { type: 'task.ready', task: 'a' as never, attempt: 1 }],
    [1, { type: 'task.started', task: 'a' as never, attempt: 1 }],
    [2, { type: 'task.finished', task: 'a' as never, outcome: { kind: 'succeeded', attempt: 1 } }],
    [2, { type: 'run.finished', status: 'success' }],
  ]);
  const { state, now } = halfWayRun();
  const cancelling = replay(state.plan, state.options, [
    { type: 'run.draining', at: now as never, reason: { kind: 'cancelled' } },
  ]);

  test('with q asks for confirmation while tasks run, and not when the run is over', () => {
    expect(screenOf().press('q').commands).toEqual([]);
    expect(screenOf().press('q').screen.prompt).toMatchObject({ text: expect.stringContaining('1 running task') });
    expect(screenOf().press('q', 'y').commands).toEqual([{ type: 'leave', how: 'quit' }]);
    expect(screenOf({ state: over }).press('q').commands).toEqual([{ type: 'leave', how: 'quit' }]);
  });

  test('with Ctrl+C asks for confirmation, and twice is yes', () => {
    expect(screenOf().press('Ctrl+C').commands).toEqual([]);
    expect(screenOf().press('Ctrl+C', 'n').commands).toEqual([]);
    expect(screenOf().press('Ctrl+C', 'Ctrl+C').commands).toEqual([{ type: 'leave', how: 'interrupt' }]);
  });

  test('with q while the run is being cancelled asks whether to kill, and Ctrl+C kills', () => {
    expect(screenOf({ state: cancelling }).press('q', 'y').commands).toEqual([{ type: 'kill' }]);
    expect(screenOf({ state: cancelling }).press('Ctrl+C').commands).toEqual([{ type: 'kill' }]);
  });

  test('is all that a screen that is too small accepts', () => {
    const small = screenOf({ columns: 40, rows: 10 });
    for (const key of ['r', 's', 'x', 'p', '+', ' ', '?', 'z']) expect(small.press(key).screen).toEqual(small.screen);
    expect(small.press('q', 'y').commands).toEqual([{ type: 'leave', how: 'quit' }]);
  });
});

describe('typed text', () => {
  test('filters while typing; Esc discards it, Enter keeps it', () => {
    const typed = screenOf().press('/', 'o', 'd', 'd', 's');
    expect(typed.screen.list.filter).toBe('odds');
    expect(typed.press('Esc').screen.list.filter).toBe('');
    const kept = typed.press('Backspace', 'Enter');
    expect(kept.screen.list.filter).toBe('odd');
    expect(kept.screen.prompt).toBeUndefined();
    expect(kept.press('Esc').screen.list.filter).toBe('');
  });

  test('may have letters that are keys elsewhere', () => {
    const typed = screenOf().press('/', 'q', 'x', '?', ' ', 'r');
    expect(typed.screen.list.filter).toBe('qx? r');
    expect(typed.commands).toEqual([]);
  });

  test('is a search in the log', () => {
    const searched = screenOf({ log: { total: 100, matches: [3, 50, 80] } }).press('2', '/', 'a', 'b', 'Enter');
    expect(searched.screen.log.search).toEqual({ text: 'ab', current: 0 });
    expect(searched.press('n').screen.log.search?.current).toBe(3);
    expect(searched.press('n', 'n').screen.log.search?.current).toBe(1);
    expect(searched.press('n', 'n').screen.log).toMatchObject({ following: false, top: 0 });
    expect(searched.press('n', 'N').screen.log.search?.current).toBe(2);
    expect(searched.press('Esc').screen.log.search).toBeUndefined();
  });
});

describe('the log', () => {
  const screen = screenOf({ log: { total: 1000 } }).press('2');

  test('stops following when scrolled up, and follows again at its end', () => {
    const up = screen.press('k');
    expect(up.screen.log).toMatchObject({ following: false, pausedAt: 1000 });
    expect(up.press('j').screen.log.following).toBe(true);
    expect(up.press('PageUp', 'G').screen.log.following).toBe(true);
    expect(up.press('PageUp', 'f').screen.log.following).toBe(true);
    expect(screen.press('g').screen.log).toMatchObject({ following: false, top: 0 });
  });

  test('follows again for another task', () => {
    const other = screen.press('k', '>', '1', 'j');
    expect(other.screen.log).toMatchObject({ following: true, offset: 0 });
  });

  test('wraps, scrolls sideways, and shows only errors', () => {
    expect(screen.press('w').screen.log.wrap).toBe(true);
    expect(screen.press('>', '>').screen.log.offset).toBe(32);
    expect(screen.press('>', '<', '<').screen.log.offset).toBe(0);
    expect(screen.press('w', '>').screen.message?.text).toContain('wrapped');
    expect(screen.press('E').screen.log.errorsOnly).toBe(true);
  });
});

describe('panes', () => {
  test('open by digits, and those without a place of their own replace the log', () => {
    const history = screenOf().press('6');
    expect(history.screen.focus).toBe('history');
    expect(Object.keys((history.view.layout as { panes: object }).panes)).toContain('history');
    expect(history.press('2').screen.focus).toBe('log');
    expect(Object.keys((history.press('2').view.layout as { panes: object }).panes)).toContain('log');
  });

  test('are reached in turn with Tab, and in reverse with Shift+Tab', () => {
    const wide = screenOf({ columns: 200, rows: 50 });
    const round = ['log', 'charts', 'timeline', 'tasks'];
    round.forEach((pane, place) => {
      const tabs = Array.from({ length: place + 1 }, () => 'Tab');
      expect(wide.press(...tabs).screen.focus).toBe(pane);
    });
    expect(wide.press('ShiftTab').screen.focus).toBe('timeline');
  });

  test('are left with Esc one step at a time, which never quits', () => {
    const screen = screenOf().press('/', 'a', 'Enter', 'd', 'z');
    expect(screen.screen).toMatchObject({ zoomed: true, detail: true, list: { filter: 'a' } });
    expect(screen.press('Esc').screen).toMatchObject({ zoomed: false, detail: true });
    const back = screen.press(...Array.from({ length: 10 }, () => 'Esc'));
    expect(back.screen).toMatchObject({ zoomed: false, detail: false, list: { filter: '' }, focus: 'tasks' });
    expect(back.commands).toEqual([]);
  });
});

describe('a replay', () => {
  const playback = { isPlaying: true, isAtEnd: false, speed: 10 };

  test('is paused with Space, and quits without confirmation', () => {
    expect(screenOf({ playback }).press(' ').commands).toEqual([{ type: 'playback', do: 'pause' }]);
    expect(screenOf({ playback: { ...playback, isPlaying: false } }).press(' ').commands).toEqual([
      { type: 'playback', do: 'resume' },
    ]);
    expect(screenOf({ playback }).press('q').commands).toEqual([{ type: 'leave', how: 'quit' }]);
  });

  test.each(['r', 'R', 's', 'x', 'p', 'T'])('%s says that a replay accepts no actions', (key) => {
    const pressed = screenOf({ playback }).press(key);
    expect(pressed.commands).toEqual([]);
    expect(pressed.screen.message?.text).toBe('not possible in a replay');
  });
});
