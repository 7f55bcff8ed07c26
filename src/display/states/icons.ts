/** The icons of states, one column wide each; the same on the screen and in the log. */
export type Icon = keyof typeof unicodeIcons;
export type Icons = Readonly<Record<Icon, string>>;

export const unicodeIcons = {
  succeeded: '✓',
  degraded: '≈',
  /** Done with data that is not up to date. */
  stale: '≤',
  failed: '✗',
  skipped: '»',
  notNeeded: '∅',
  /** Done before, and nothing has changed since. */
  reused: '=',
  awaiting: '◷',
  asking: '◔',
  waiting: '·',
  ready: '•',
  running: '⠋',
  retrying: '↻',
  /** Not run, or cancelled. */
  notRun: '⊘',
  /** A check that failed. */
  wrongData: '≠',
  warning: '!',
  /** A check that ended with an error, and an unknown state. */
  unknown: '?',
  none: ' ',
} as const;

export const asciiIcons: Icons = {
  succeeded: '+',
  degraded: '~',
  stale: '<',
  failed: 'x',
  skipped: '>',
  notNeeded: '0',
  reused: '=',
  awaiting: 'w',
  asking: 'a',
  waiting: '.',
  ready: 'o',
  running: '*',
  retrying: 'r',
  notRun: '-',
  wrongData: '#',
  warning: '!',
  unknown: '?',
  none: ' ',
};
