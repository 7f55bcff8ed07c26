import { describe, expect, test } from 'vitest';
import type { RunState } from '../../../../src/engine/index.ts';
import { questionRow } from '../../../../src/ui/bars/prompt-row.ts';
import { keyTable } from '../../../../src/ui/keys/key-table.ts';
import { minScreen } from '../../../../src/ui/layout.ts';
import { createTheme } from '../../../../src/ui/theme.ts';
import { type FakeRun, fakeRun } from '../../../support/fake-run.ts';
import type { TaskSketch } from '../../../support/pipeline-builder.ts';
import { plain } from '../support/plain.ts';
import { type PressedScreen, screenOf } from '../support/screen-of.ts';

/** `load` with one task before it and one behind it, brought into a state. */
function runWith(
  bring: (run: FakeRun) => void,
  load: TaskSketch = {},
  behind: TaskSketch = { after: ['load'] },
): FakeRun {
  const run = fakeRun({ tasks: { extract: {}, load: { after: ['extract'], ...load }, report: behind } });
  bring(run);
  return run;
}

const states: Readonly<Record<string, () => FakeRun>> = {
  waiting: () => runWith(() => {}),
  ready: () =>
    runWith((run) => {
      run.pause();
      run.exit('extract');
    }),
  running: () => runWith((run) => run.exit('extract')),
  stopping: () =>
    runWith((run) => {
      run.exit('extract');
      run.cancelTask('load');
    }),
  'backing-off': () =>
    runWith(
      (run) => {
        run.exit('extract');
        run.exit('load', 1);
      },
      { retry: { retries: 1 } },
    ),
  succeeded: () => runWith((run) => ['extract', 'load', 'report'].map((task) => run.exit(task))),
  degraded: () =>
    runWith(
      (run) => {
        run.exit('extract');
        run.exit('load', 1);
        run.exit('load');
        run.exit('report');
      },
      { fallback: { command: { kind: 'shell', script: 'true' }, note: 'of yesterday' } },
    ),
  failed: () =>
    runWith((run) => {
      run.exit('extract');
      run.exit('load', 1);
    }),
  'timed-out': () =>
    runWith((run) => {
      run.exit('extract');
      run.fire('timeout', 'load');
      run.exit('load', 143);
    }),
  skipped: () =>
    runWith((run) => {
      run.skip('load');
      run.exit('extract');
      run.exit('report');
    }),
  'upstream-failed': () => runWith((run) => run.exit('extract', 1)),
  cancelled: () =>
    runWith((run) => {
      run.cancelTask('load');
      run.exit('extract');
    }),
};

const allKeys = [...new Set(keyTable.flatMap(({ keys }) => keys))];
const panes = ['1', '2', '3', '4', '5', '6', 'd'] as const;

/** With `load` selected and the keyboard in a pane. */
function at(pane: string, run: FakeRun, columns = 120): PressedScreen {
  return screenOf({ state: run.state(), columns }).press('/', ...'load', 'Enter', 'Home', pane);
}

/** What comes of a key: the question, what the run is told at once, or why nothing is done. */
function outcomeOf(key: string, pane: string, run: FakeRun): string {
  const before = at(pane, run);
  const after = before.press(key);
  const { prompt, message } = after.screen;
  if (prompt?.kind === 'question') return `asks: ${prompt.text}`;
  const orders = after.commands.flatMap((command) => (command.type === 'intend' ? command.intents : []));
  if (orders.length === 0) return `says: ${message?.text}`;
  const refusals = orders.map((intent) => run.take(intent)).filter((one) => one !== undefined);
  return refusals.length > 0 ? `says: ${refusals.join()}` : 'does it';
}

const runs = 'says: task load is running; cancel it first';
const early = 'says: task load has not run yet';
const again = 'asks: Run load and 1 task downstream again?';
const skips = 'asks: Skip load? 1 task downstream will run without it.';
const cancels = 'asks: Cancel load? 1 task downstream will not run.';

describe('on a task that is', () => {
  test.each([
    ['waiting', early, early, skips, cancels],
    ['ready', early, early, skips, cancels],
    ['running', runs, runs, skips, cancels],
    ['stopping', runs, runs, skips, cancels],
    ['backing-off', 'does it', again, skips, cancels],
    [
      'succeeded',
      'asks: Run load again? It has succeeded; 1 task downstream will be stale.',
      again,
      'says: task load has already succeeded',
      'says: task load has already succeeded',
    ],
    [
      'degraded',
      'asks: Run load again? It is degraded; 1 task downstream will be stale.',
      again,
      'says: task load has already succeeded',
      'says: task load has already succeeded',
    ],
    ['failed', 'does it', again, skips, 'says: task load has already failed'],
    ['timed-out', 'does it', again, skips, 'says: task load has already timed out'],
    [
      'skipped',
      'asks: Run load again? It was skipped; 1 task downstream will be stale.',
      again,
      'says: task load is already skipped',
      'says: task load is already skipped',
    ],
    ['upstream-failed', 'does it', again, skips, 'says: task load is already marked not run'],
    ['cancelled', 'does it', again, skips, 'says: task load is already cancelled'],
  ])('%s, from every pane, r %s, R %s, s %s, x %s', (state, ...expected) => {
    // In the pane of the checks r and R are for the selected check.
    for (const pane of panes.filter((one) => one !== '5')) {
      const found = ['r', 'R', 's', 'x'].map((key) => outcomeOf(key, pane, states[state]!()));
      expect(found, `pane ${pane}`).toEqual(expected);
    }
  });

  test('running, s asks for confirmation although nothing is downstream, because it ends the task', () => {
    const run = runWith((one) => one.exit('extract'), {}, {});
    expect(outcomeOf('s', '1', run)).toBe('asks: Skip load? Running tasks stop.');
  });

  test('selected, no other key sends an intent about it', () => {
    const ofTasks = new Set(['r', 'R', 's', 'x']);
    const ofRun = new Set(['p', '+', '=', '-']);
    for (const [state, make] of Object.entries(states)) {
      for (const pane of panes) {
        const screen = at(pane, make());
        for (const key of allKeys.filter((one) => !ofTasks.has(one))) {
          const orders = screen.press(key).commands.filter(({ type }) => type === 'intend' || type === 'kill');
          expect(orders.length === 0 || ofRun.has(key), `${key} on ${state} in pane ${pane}`).toBe(true);
        }
      }
    }
  });

  test('in a confirmation, only y sends its intent', () => {
    const asked = at('1', states['succeeded']!()).press('r');
    for (const key of allKeys.filter((one) => one !== 'y')) {
      expect(asked.press(key).commands, key).toEqual([]);
      expect(asked.press(key).screen.prompt, key).toBeUndefined();
    }
    expect(asked.press('y').commands).toMatchObject([{ type: 'intend', intents: [{ type: 'retry-task' }] }]);
  });
});

describe('a confirmation', () => {
  const theme = createTheme({ colour: false, unicode: true });
  const rowOf = ({ screen }: PressedScreen) =>
    screen.prompt?.kind === 'question' ? plain(questionRow(screen.prompt, screen.columns, theme)) : undefined;

  test('fits on the narrowest screen, however long the name of the task', () => {
    const name = `load_${'of_a_source_with_a_long_name_'.repeat(4)}`;
    const many = Object.fromEntries(Array.from({ length: 1200 }, (_, at) => [`t${at}`, { after: [name] }]));
    const run = fakeRun({ tasks: { [name]: {}, ...many } });
    const selected = screenOf({ state: run.state(), columns: minScreen.columns, rows: minScreen.rows });
    for (const key of ['s', 'x', 'q', 'Ctrl+C']) {
      expect(rowOf(selected.press('/', ...'load_of', 'Enter', 'Home', key)), key).toMatch(
        /^ \S.*[?.)] {2}y yes {2}n no *$/,
      );
    }
    run.exit(name);
    const done = screenOf({ state: run.state(), columns: minScreen.columns, rows: minScreen.rows });
    for (const key of ['r', 'R']) {
      expect(rowOf(done.press('/', ...'load_of', 'Enter', 'Home', key)), key).toMatch(/^ \S.*[?.] {2}y yes {2}n no *$/);
    }
  });

  test.each(['q', 'Ctrl+C'])('for %s is shown in any width in which it can be read, and in no other', (key) => {
    const { state } = screenOf().view;
    const cancelling: RunState = { ...state, phase: { kind: 'draining', reason: { kind: 'cancelled' } } };
    for (const of of key === 'q' ? [state, cancelling] : [state]) {
      for (let columns = 1; columns <= 120; columns += 1) {
        const asked = screenOf({ state: of, columns, rows: 1 }).press(key);
        expect(asked.commands, `${columns} columns`).toEqual([]);
        expect(asked.screen.prompt === undefined, `${columns} columns`).toBe(columns < 10);
        if (columns >= 10) expect(rowOf(asked), `${columns} columns`).toMatch(/\?.* y\/n *$|\S {2}y yes {2}n no *$/);
      }
    }
  });

  test('that a resized screen cannot show does not accept yes', () => {
    const asked = screenOf().press('q');
    expect(asked.resize(9, 5).press('y').commands).toEqual([]);
    expect(asked.resize(9, 5).press('y').screen.prompt).toBeUndefined();
    expect(asked.resize(10, 1).press('y').commands).toEqual([{ type: 'leave', how: 'quit' }]);
  });
});
