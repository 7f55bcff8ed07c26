import { entryAt } from '../../../engine/index.ts';
import { keyOf } from '../../bound-keys.ts';
import type { KeyBinding } from '../../keys/key-binding.ts';
import { bodyHeight, type Change, rectOf, type ScreenView, selectedTask } from '../../store/screen-view.ts';
import { endMark, followLog, markedLines, markLog, pauseLog, searchLog, showAll, stepMatch } from './log-position.ts';

/** Keys of the log. All but the search work from every pane, because there is only one log. */
export const logKeys: readonly KeyBinding[] = [
  {
    keys: ['f'],
    action: 'follow',
    shown: 'f',
    section: 'Log',
    label: 'follow',
    help: 'follow the output, or pause',
    footer: 7,
    act: (view) => ({
      screen: view.screen.log.following
        ? pauseLog(view.screen, view.log, bodyHeight(view, 'log'))
        : followLog(view.screen),
    }),
  },
  {
    keys: ['/'],
    action: 'search',
    shown: '/',
    section: 'Log',
    label: 'search',
    help: 'search the output, from the log pane',
    footer: 4,
    panes: ['log'],
    act: ({ screen }) => ({ screen: { ...screen, prompt: { kind: 'search', text: '' } } }),
  },
  {
    keys: ['n', 'N'],
    action: ['next-match', 'previous-match'],
    shown: 'n N',
    section: 'Log',
    label: 'next match',
    help: 'next or previous match',
    footer: 5,
    refuse: ({ screen, log }) =>
      screen.log.search === undefined
        ? `next match: no search yet; ${keyOf('search', '/')} in the log pane starts one`
        : log.matches.length === 0
          ? `next match: "${screen.log.search.text}" was not found`
          : undefined,
    act: (view, key) => ({
      screen: stepMatch(view.screen, view.log, bodyHeight(view, 'log'), key === 'n' ? 1 : -1),
    }),
  },
  {
    keys: ['w'],
    action: 'wrap',
    shown: 'w',
    section: 'Log',
    label: 'wrap',
    help: 'wrap long lines, or cut them at the edge',
    footer: 10,
    act: ({ screen }) => ({ screen: { ...screen, log: { ...screen.log, wrap: !screen.log.wrap, offset: 0 } } }),
  },
  {
    keys: ['E'],
    action: 'errors-only',
    shown: 'E',
    section: 'Log',
    label: 'errors',
    help: 'only lines that look like errors, or all',
    footer: 13,
    act: ({ screen }) => {
      const log = { ...searchLog(screen, screen.log.search?.text ?? '').log, errorsOnly: !screen.log.errorsOnly };
      return { screen: followLog({ ...screen, log }) };
    },
  },
  {
    keys: ['*'],
    action: 'all-tasks',
    shown: '*',
    section: 'Log',
    label: ({ screen }) => (screen.log.all ? 'one task' : 'all tasks'),
    help: 'output of all tasks by time, or of one',
    footer: 12,
    act: ({ screen }) => ({ screen: showAll(screen, !screen.log.all) }),
  },
  {
    keys: ['i'],
    action: 'times',
    shown: 'i',
    section: 'Log',
    label: 'times',
    help: 'time of each line, and err for stderr',
    footer: 14,
    act: ({ screen }) => ({ screen: { ...screen, log: { ...screen.log, stamps: !screen.log.stamps } } }),
  },
  {
    keys: ['t'],
    action: 'attempt',
    shown: 't',
    section: 'Log',
    label: 'attempt',
    help: 'previous attempt (wraps around)',
    refuse: (view) =>
      view.screen.log.all
        ? `attempt: the log shows all tasks; ${keyOf('all-tasks', '*')} shows one`
        : attemptsOf(view) > 1
          ? undefined
          : 'attempt: there is only one',
    act: olderAttempt,
  },
  {
    keys: ['<', '>'],
    action: ['scroll-left', 'scroll-right'],
    shown: '< >',
    section: 'Log',
    label: 'sideways',
    help: 'scroll long lines sideways',
    refuse: ({ screen }) =>
      screen.log.wrap ? `sideways: lines are wrapped; ${keyOf('wrap', 'w')} changes that` : undefined,
    act: ({ screen }, key) => sideways(screen, key === '>' ? sidewaysColumns : -sidewaysColumns),
  },
  {
    keys: ['v'],
    action: 'mark-lines',
    shown: 'v',
    section: 'Log',
    label: ({ screen }) => (screen.log.mark === undefined ? 'mark' : 'unmark'),
    help: () => `mark lines for ${keyOf('copy', 'y')}, or stop marking`,
    footer: 15,
    refuse: ({ log }) => (log.total === 0 ? 'mark: there is no output' : undefined),
    act: (view) => {
      const { screen, log } = view;
      if (screen.log.mark !== undefined) return { screen: endMark(screen) };
      const shown = rectOf(view, 'log') === undefined ? { shown: 'log' } : {};
      return { screen: { ...markLog(screen, log, bodyHeight(view, 'log')), focus: 'log', ...shown } };
    },
  },
  {
    keys: ['y'],
    action: 'copy',
    shown: 'y',
    section: 'Log',
    label: 'copy',
    help: 'copy the marked or visible lines',
    act: ({ screen }) => {
      const lines = markedLines(screen.log);
      if (lines === undefined) return { screen, commands: [{ type: 'copy' }] };
      return { screen: endMark(screen), commands: [{ type: 'copy', lines }] };
    },
  },
  {
    keys: ['O'],
    action: 'open-output',
    shown: 'O',
    section: 'Log',
    label: 'open',
    help: 'open the whole output in $PAGER',
    refuse: (view) =>
      view.screen.log.all
        ? `open: the log shows all tasks; etl-tui logs ${view.state.options.run} prints them`
        : attemptsOf(view) > 0
          ? undefined
          : 'open: the task has no output yet',
    act: ({ screen }) => ({ screen, commands: [{ type: 'page' }] }),
  },
];

const sidewaysColumns = 16;

export function sideways(screen: ScreenView['screen'], by: number): Change {
  return { screen: { ...screen, log: { ...screen.log, offset: Math.max(0, screen.log.offset + by) } } };
}

function attemptsOf(view: ScreenView): number {
  const task = selectedTask(view);
  return task === undefined ? 0 : entryAt(view.state.tasks, task).attempts;
}

function olderAttempt(view: ScreenView): Change {
  const latest = attemptsOf(view);
  const attempt = (view.screen.log.attempt ?? latest) - 1;
  const { attempt: _, search: __, ...log } = view.screen.log;
  const text = `attempt ${attempt > 0 ? attempt : latest} of ${latest}`;
  return {
    screen: {
      ...view.screen,
      log: { ...log, following: true, ...(attempt > 0 ? { attempt } : {}) },
      message: { text, style: 'plain' },
    },
  };
}
