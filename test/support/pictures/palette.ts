export type WindowPalette = {
  readonly window: string;
  readonly bar: string;
  readonly frame: string;
  readonly text: string;
  readonly title: string;
  /** As terminals number them: eight colours, and their bright kin. */
  readonly ansi: readonly string[];
};

/** Calm on a dark window, which stands out from a light page and from a dark one. */
const dark: WindowPalette = {
  window: '#11151c',
  bar: '#1a202a',
  frame: '#303947',
  text: '#cfd6e1',
  title: '#8b95a5',
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
};

/** White, on which the light theme is drawn in colours of its own. */
const light: WindowPalette = {
  ...dark,
  window: '#ffffff',
  bar: '#f0f2f5',
  frame: '#c3cad4',
  text: '#1f2328',
  title: '#59636e',
};

export const windows = { dark, light } as const;
