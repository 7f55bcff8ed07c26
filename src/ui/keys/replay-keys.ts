import type { KeyBinding } from './key-binding.ts';

/** Keys that a replay has. */
export const replayKeys: readonly KeyBinding[] = [
  {
    only: 'replay',
    keys: [' '],
    shown: 'Space',
    section: 'Run',
    label: ({ playback, isPast }) =>
      playback?.isPlaying ? `hold (${playback.speed}x)` : isPast && playback?.isAtEnd ? 'play it' : 'play',
    help: 'hold the replay, or let it go on',
    footer: 2,
    refuse: ({ playback, isPast }) => (playback?.isAtEnd && !isPast ? 'the replay is at its end' : undefined),
    act: ({ screen, playback, state }) => ({
      screen,
      commands: playback?.isAtEnd
        ? [{ type: 'open-past', run: state.options.run, again: true }]
        : [{ type: 'playback', do: playback?.isPlaying ? 'pause' : 'resume' }],
    }),
  },
  {
    only: 'replay',
    keys: ['+', '=', '-'],
    shown: '+ -',
    section: 'Run',
    label: 'speed',
    help: 'twice as fast, or half',
    footer: 3,
    refuse: ({ playback }) => (playback?.isAtEnd ? 'the replay is at its end' : undefined),
    act: ({ screen }, key) => ({ screen, commands: [{ type: 'playback', do: key === '-' ? 'slower' : 'faster' }] }),
  },
];
