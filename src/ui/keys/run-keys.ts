import { type RunState, slotLimit } from '../../engine/index.ts';
import type { Command } from '../store/command.ts';
import type { Change, ScreenView } from '../store/screen-view.ts';
import { type KeyBinding, showMessage, showQuestion } from './key-binding.ts';

/** Keys that act on the run as a whole. */
export const runKeys: readonly KeyBinding[] = [
  {
    only: 'live',
    keys: ['p'],
    action: 'pause',
    shown: 'p',
    section: 'Run',
    label: ({ state }) => (state.paused ? 'resume' : 'pause'),
    help: 'pause (no new tasks start), or resume',
    footer: 12,
    refuse: whenOver('pause'),
    act: ({ screen, state }) =>
      state.paused
        ? steer(screen, {
            type: 'intend',
            verb: 'resume',
            intents: [{ type: 'resume' }],
            done: 'resumed: new tasks start again',
          })
        : steer(screen, {
            type: 'intend',
            verb: 'pause',
            intents: [{ type: 'pause' }],
            done: 'paused: no new tasks start, running ones finish',
          }),
  },
  {
    only: 'live',
    keys: ['+', '=', '-'],
    action: ['more-slots', 'more-slots', 'fewer-slots'],
    shown: '+ -',
    section: 'Run',
    label: 'slots',
    help: 'more or fewer tasks at once',
    footer: 17,
    refuse: whenOver('slots'),
    act: ({ screen, state }, key) => {
      const { allowed, by } = slotLimit(state);
      const isOfHosts = by === 'auto' && state.hosts !== undefined;
      const limit = by === 'stepped-down' || isOfHosts ? allowed : state.maxParallel;
      const maxParallel = key === '-' ? oneFewer(state) : 1 + limit;
      const many = maxParallel === 1 ? '1 task at once' : `up to ${maxParallel} tasks at once`;
      const isHeld = by === 'machine' && maxParallel > allowed;
      const done = `${many}${by === 'auto' ? ', instead of auto' : isHeld ? `; the machine allows ${allowed} now` : ''}`;
      return steer(screen, { type: 'intend', verb: 'slots', intents: [{ type: 'limit', maxParallel }], done });
    },
  },
  {
    only: 'live',
    keys: ['T'],
    action: 'plain-log',
    shown: 'T',
    section: 'Run',
    label: 'plain log',
    help: 'switch to a plain log; the run continues',
    refuse: whenOver('plain log'),
    act: ({ screen }) => ({ screen, commands: [{ type: 'plain' }] }),
  },
  {
    keys: ['q'],
    action: 'quit',
    shown: 'q',
    section: 'Run',
    label: ({ isPast }) => (isPast ? 'back' : 'quit'),
    help: 'quit (asks while tasks run), or go back',
    footer: 2,
    act: quit,
  },
  {
    keys: ['Ctrl+C'],
    action: 'cancel-all',
    shown: 'Ctrl+C',
    section: 'Run',
    label: 'cancel all',
    help: 'cancel all and quit; twice without asking',
    act: interrupt,
  },
];

/** One less than may run now: a limit between that and the most that the run may start would change nothing. */
function oneFewer(state: RunState): number {
  const { allowed, by } = slotLimit(state);
  if (by === 'number') return allowed - 1;
  return Math.max(1, (by === 'auto' ? state.running : allowed) - 1);
}

function quit(view: ScreenView): Change {
  const { screen, state, playback } = view;
  if (isOver(state) || playback !== undefined) return { screen, commands: [{ type: 'leave', how: 'quit' }] };
  if (isBeingEnded(state)) {
    const text = `Kill ${formatRunning(state)} now, without a clean shutdown?`;
    return showQuestion(view, { text, shorter: [`Kill ${formatRunning(state)}?`, 'Kill?'], yes: [{ type: 'kill' }] });
  }
  const running = formatRunning(state);
  const text = `Quit? The run is not over; ${running} will be cancelled.`;
  const shorter = [`Quit and cancel ${running}?`, 'Quit and cancel?', 'Quit?'];
  return showQuestion(view, { text, shorter, yes: [{ type: 'leave', how: 'quit' }] });
}

function interrupt(view: ScreenView): Change {
  const { screen, state, playback } = view;
  if (isOver(state) || playback !== undefined) return { screen, commands: [{ type: 'leave', how: 'quit' }] };
  if (isBeingEnded(state)) {
    return { ...showMessage(view, 'killing all running tasks'), commands: [{ type: 'kill' }] };
  }
  const text = 'Cancel the run and quit? (Ctrl+C again: yes)';
  const yes: readonly Command[] = [{ type: 'leave', how: 'interrupt' }];
  return showQuestion(view, {
    text,
    shorter: ['Cancel and quit? (or Ctrl+C)', 'Cancel and quit?', 'Quit?'],
    yes,
    again: 'Ctrl+C',
  });
}

function steer(screen: ScreenView['screen'], command: Command): Change {
  return { screen, commands: [command] };
}

function whenOver(verb: string): (view: ScreenView) => string | undefined {
  return ({ state }) => (isOver(state) ? `${verb}: the run is over` : undefined);
}

function isOver({ phase }: RunState): boolean {
  return phase.kind === 'finished';
}

function isBeingEnded({ phase }: RunState): boolean {
  return phase.kind === 'draining' && (phase.reason.kind === 'cancelled' || phase.reason.kind === 'run-limit');
}

function formatRunning({ running }: RunState): string {
  return running === 0 ? 'what is left' : running === 1 ? '1 running task' : `${running} running tasks`;
}
