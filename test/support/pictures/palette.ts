/** Calm on a dark window, which stands out from a light page and from a dark one. */
export const palette = {
  window: '#11151c',
  bar: '#1a202a',
  frame: '#303947',
  text: '#cfd6e1',
  title: '#8b95a5',
  /** As terminals number them: eight colours, and their bright kin. */
  ansi: [
    '#11151c',
    '#f2756d',
    '#83c98a',
    '#e3ac5b',
    '#6aa7f0',
    '#c99bea',
    '#5fc3d4',
    '#cfd6e1',
    '#6b7686',
    '#ff938b',
    '#a2dfa7',
    '#f0c684',
    '#82b6f7',
    '#dcb7f5',
    '#8ae0ec',
    '#f2f5f9',
  ],
} as const satisfies Record<string, string | readonly string[]>;
