import { keyOf } from '../bound-keys.ts';
import type { PlaybackAction } from '../store/command.ts';
import type { Change, ScreenView } from '../store/screen-view.ts';
import type { KeyBinding } from './key-binding.ts';

/** Keys that a replay has. */
export const replayKeys: readonly KeyBinding[] = [
  {
    only: 'replay',
    keys: [' '],
    action: 'play',
    shown: 'Space',
    section: 'Replay',
    label: ({ playback, isPast }) => (playback?.isPlaying ? 'pause' : isPast && playback?.isAtEnd ? 'play it' : 'play'),
    help: 'pause or continue the replay',
    footer: 2,
    refuse: ({ playback, isPast }) =>
      playback?.isAtEnd && !isPast
        ? `play: the replay is at its end; ${keyOf('skip-back', 'Left')} goes back`
        : undefined,
    act: ({ screen, playback, state }) => ({
      screen,
      commands: playback?.isAtEnd
        ? [{ type: 'open-past', run: state.options.run, again: true }]
        : [{ type: 'playback', do: playback?.isPlaying ? 'pause' : 'resume' }],
    }),
  },
  {
    only: 'replay',
    keys: ['Left', 'Right'],
    action: ['skip-back', 'skip-on'],
    shown: 'Left Right',
    section: 'Replay',
    label: '10s',
    help: '10s back or forward, more in a long run',
    footer: 3,
    act: (view, key) => play(view, { skip: key === 'Left' ? -1 : 1 }),
  },
  {
    only: 'replay',
    keys: [',', '.'],
    action: ['previous-event', 'next-event'],
    shown: ', .',
    section: 'Replay',
    label: 'event',
    help: 'to the previous or next start or end',
    footer: 4,
    act: (view, key) => play(view, { event: key === ',' ? -1 : 1 }),
  },
  {
    only: 'replay',
    keys: ['(', ')'],
    action: ['previous-failure', 'next-failure'],
    shown: '( )',
    section: 'Replay',
    label: 'failure',
    help: 'to the previous or next failure',
    footer: 4,
    act: (view, key) => play(view, { failure: key === '(' ? -1 : 1 }),
  },
  {
    only: 'replay',
    keys: ['+', '=', '-'],
    action: ['faster', 'faster', 'slower'],
    shown: '+ -',
    section: 'Replay',
    label: 'speed',
    help: 'faster or slower, from 1x to 1000x',
    footer: 3,
    act: (view, key) => play(view, key === '-' ? 'slower' : 'faster'),
  },
];

function play({ screen }: ScreenView, action: PlaybackAction): Change {
  return { screen, commands: [{ type: 'playback', do: action }] };
}
