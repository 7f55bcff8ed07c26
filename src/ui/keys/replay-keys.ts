import type { KeyBinding } from './key-binding.ts';

/** Keys that a replay has. */
export const replayKeys: readonly KeyBinding[] = [
  {
    only: 'replay',
    keys: [' '],
    shown: 'Space',
    section: 'Run',
    label: ({ playback }) => (playback?.isPlaying ? `hold (${playback.speed}x)` : 'play'),
    help: 'hold the replay, or let it go on',
    footer: 2,
    refuse: ({ playback }) => (playback?.isAtEnd ? 'the replay is at its end' : undefined),
    act: ({ screen, playback }) => ({
      screen,
      commands: [{ type: 'playback', do: playback?.isPlaying ? 'pause' : 'resume' }],
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
