import type { Intent, RunState, TaskState } from '../../../engine/index.ts';
import { keyOf } from '../../bound-keys.ts';
import { type KeyBinding, showMessage, showQuestion } from '../../keys/key-binding.ts';
import { shortenMiddle } from '../../primitives/text/fit-text.ts';
import type { RowKey, ScreenState } from '../../store/screen-state.ts';
import type { Change, ScreenView } from '../../store/screen-view.ts';
import { nextFailedKey } from './next-failed-key.ts';
import { countDoneDownstream, countDownstream, nameOf, stateOf, type Targets, targetsOf } from './task-targets.ts';

/** The keys that act on all marked tasks at once. */
function markedKeys(): string {
  return `${keyOf('retry', 'r')} ${keyOf('retry-downstream', 'R')} ${keyOf('skip', 's')} ${keyOf('cancel', 'x')}`;
}

/** Keys that act on tasks. Those that cannot be undone ask first. */
export const taskKeys: readonly KeyBinding[] = [
  {
    only: 'live',
    keys: ['r'],
    action: 'retry',
    shown: 'r',
    section: 'Tasks',
    label: retryLabel,
    help: 'retry it; in a countdown: right now',
    footer: 3,
    isUseful: (view) => isAny(view, canRetry),
    act: (view) => {
      const chosen = choose(view, canRetry, needsAttention);
      const intents = chosen.tasks.map((index) => retry(view.state, index, false));
      if (chosen.tasks.length > 1) return askFirst(view, (name) => `Retry ${name}?`, chosen, 'retry', intents);
      const [only] = chosen.tasks;
      const isDone = only !== undefined && hasDone(stateOf(view.state, only));
      if (!isDone) return order(view, 'retry', intents);
      const outdated = countDoneDownstream(view.state, only);
      const textOf = (name: string, isShort: boolean) =>
        `Run ${name} again? ${consequence(stateOf(view.state, only), outdated, isShort)}`;
      return askFirst(view, textOf, chosen, 'retry', intents);
    },
  },
  {
    only: 'live',
    keys: ['R'],
    action: 'retry-downstream',
    shown: 'R',
    section: 'Tasks',
    label: '+downstream',
    help: 'retry with everything downstream',
    footer: 9,
    isUseful: (view) => isAny(view, canRetry),
    act: (view) => {
      const chosen = choose(view, canRetry, needsAttention);
      const below = countDownstream(view.state, chosen.tasks);
      const intents = chosen.tasks.map((index) => retry(view.state, index, true));
      if (!isAny(view, canRetry)) return order(view, 'retry', intents);
      const textOf = (name: string, isShort: boolean) =>
        `Run ${name}${below === 0 ? '' : isShort ? ` and ${below} more` : ` and ${formatTaskCount(below)} downstream`} again?`;
      return askFirst(view, textOf, chosen, 'retry', intents);
    },
  },
  {
    only: 'live',
    keys: ['s'],
    action: 'skip',
    shown: 's',
    section: 'Tasks',
    label: 'skip',
    help: 'skip it; its downstream runs',
    footer: 4,
    isUseful: (view) => isAny(view, canSkip),
    act: (view) => {
      const chosen = choose(view, canSkip, canSkip);
      const below = countDownstream(view.state, chosen.tasks);
      const intents = chosen.tasks.map((index): Intent => ({ type: 'skip-task', task: nameOf(view.state, index) }));
      const isRunning = chosen.tasks.some((index) => stateOf(view.state, index).kind === 'running');
      const isHarmless = chosen.tasks.length < 2 && below === 0 && !isRunning;
      if (isHarmless || !isAny(view, canSkip)) return order(view, 'skip', intents);
      const textOf = (name: string, isShort: boolean) =>
        below > 0
          ? `Skip ${name}? ${isShort ? `${below} run` : `${formatTaskCount(below)} downstream will run`} without it.`
          : `Skip ${name}?${isRunning ? ' Running tasks stop.' : ''}`;
      return askFirst(view, textOf, chosen, 'skip', intents);
    },
  },
  {
    only: 'live',
    keys: ['x'],
    action: 'cancel',
    shown: 'x',
    section: 'Tasks',
    label: 'cancel',
    help: 'cancel it; its downstream does not run',
    footer: 5,
    isUseful: (view) => isAny(view, canCancel),
    act: (view) => {
      const chosen = choose(view, canCancel, canCancel);
      const below = countDownstream(view.state, chosen.tasks);
      const intents = chosen.tasks.map((index): Intent => ({ type: 'cancel-task', task: nameOf(view.state, index) }));
      if (!isAny(view, canCancel)) return order(view, 'cancel', intents);
      const consequence = (isShort: boolean) =>
        below === 0 ? '' : isShort ? ` ${below} will not run.` : ` ${formatTaskCount(below)} downstream will not run.`;
      const textOf = (name: string, isShort: boolean) => `Cancel ${name}?${consequence(isShort)}`;
      return askFirst(view, textOf, chosen, 'cancel', intents);
    },
  },
  nextFailedKey,
  {
    only: 'live',
    keys: [' '],
    action: 'mark',
    shown: 'Space',
    section: 'Tasks',
    label: 'mark',
    help: () => `mark it: ${markedKeys()} act on all marked tasks`,
    panes: ['tasks'],
    act: toggleMark,
  },
];

function canRetry({ kind }: TaskState): boolean {
  return kind !== 'running' && !isBeforeStart(kind);
}

function isBeforeStart(kind: TaskState['kind']): boolean {
  return kind === 'waiting' || kind === 'awaiting' || kind === 'asking' || kind === 'ready';
}

/** Of what was not needed, skipping lets the downstream run that was not needed because of it. */
function canSkip(state: TaskState): boolean {
  return state.kind === 'not-needed' ? state.stops : !hasDone(state);
}

function canCancel({ kind }: TaskState): boolean {
  return kind === 'running' || kind === 'backing-off' || isBeforeStart(kind);
}

function needsAttention(state: TaskState): boolean {
  return canRetry(state) && canSkip(state) && state.kind !== 'not-needed';
}

/** Running such a task again needs a question first: it has succeeded, is reused, was skipped or was not needed. */
function hasDone({ kind }: TaskState): boolean {
  return kind === 'succeeded' || kind === 'reused' || kind === 'skipped' || kind === 'not-needed';
}

/** What to know before a task is run again whose outcome lets its downstream run. */
function consequence(state: TaskState, outdated: number, isShort: boolean): string {
  const isDegraded = state.kind === 'succeeded' && state.degraded !== undefined;
  const now = isDegraded ? 'It is degraded' : doneWords[state.kind as keyof typeof doneWords];
  if (outdated === 0) return `${now}.`;
  return isShort ? `${outdated} will be stale.` : `${now}; ${formatTaskCount(outdated)} downstream will be stale.`;
}

const doneWords = {
  succeeded: 'It has succeeded',
  reused: 'It is reused',
  skipped: 'It was skipped',
  'not-needed': 'It was not needed, and is checked again',
} as const;

function retryLabel(view: ScreenView): string {
  const states = targetsOf(view).tasks.map((index) => stateOf(view.state, index));
  if (states.length > 0 && states.every(hasDone)) return 'run again';
  return states.length > 0 && states.every(({ kind }) => kind === 'backing-off') ? 'retry now' : 'retry';
}

type Is = (state: TaskState) => boolean;

/** A single task is passed on even if it cannot be acted on: the run then gives the reason. Of several, only those that can. */
function choose(view: ScreenView, can: Is, wanted: Is): Targets {
  const targets = targetsOf(view);
  if (targets.single) return targets;
  const isMarked = view.screen.marked.size > 0;
  const tasks = targets.tasks.filter((index) => (isMarked ? can : wanted)(stateOf(view.state, index)));
  if (tasks.length === 1) return { ...targets, tasks, name: nameOf(view.state, tasks[0]!) };
  return {
    ...targets,
    tasks,
    name: isMarked ? `${tasks.length} marked tasks` : `${tasks.length} tasks of ${targets.name}`,
  };
}

function isAny(view: ScreenView, can: Is): boolean {
  return targetsOf(view).tasks.some((index) => can(stateOf(view.state, index)));
}

function retry(state: RunState, index: number, downstream: boolean): Intent {
  return { type: 'retry-task', task: nameOf(state, index), downstream };
}

function formatTaskCount(count: number): string {
  return count === 1 ? '1 task' : `${count} tasks`;
}

function order(view: ScreenView, verb: string, intents: readonly Intent[]): Change {
  if (intents.length === 0) return showMessage(view, `${verb}: no suitable task here`);
  return { screen: withoutMarks(view.screen), commands: [{ type: 'intend', verb, intents }] };
}

/** Asks with shorter texts for narrow screens: first a shorter sentence, then a shortened name. */
function askFirst(
  view: ScreenView,
  textOf: (name: string, isShort: boolean) => string,
  { name }: Targets,
  verb: string,
  intents: readonly Intent[],
): Change {
  if (intents.length === 0) return showMessage(view, `${verb}: no suitable task here`);
  const shorter = [textOf(name, true), ...nameColumns.map((columns) => textOf(shortenMiddle(name, columns), true))];
  return showQuestion(view, { text: textOf(name, false), shorter, yes: [{ type: 'intend', verb, intents }] });
}

const nameColumns = [32, 24, 16, 12, 8];

/** The marks are removed once the key has acted on the marked tasks. */
function withoutMarks(screen: ScreenState): ScreenState {
  return screen.marked.size === 0 ? screen : { ...screen, marked: new Set() };
}

function toggleMark(view: ScreenView): Change {
  const { screen, state } = view;
  const { selected } = screen;
  if (selected === undefined) return showMessage(view, 'mark: nothing is selected');
  const tasks = tasksOf(state, selected);
  const marked = new Set(screen.marked);
  const isOn = tasks.every((index) => marked.has(index));
  for (const index of tasks) {
    if (isOn) marked.delete(index);
    else marked.add(index);
  }
  return { screen: { ...screen, marked, touched: true } };
}

function tasksOf({ plan }: RunState, selected: RowKey): readonly number[] {
  switch (selected.kind) {
    case 'task':
      return [selected.index];
    case 'family':
      return plan.families.get(selected.family) ?? [];
    case 'level':
      return plan.levels.get(selected.level) ?? [];
  }
}
