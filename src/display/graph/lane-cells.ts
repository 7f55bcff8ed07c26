/** One column of a drawing beside the names. Columns of lines and the gaps between them alternate. */
export type LaneCell = keyof typeof unicodeCells;
export type LaneGlyphs = Readonly<Record<LaneCell, string>>;

const unicodeCells = {
  blank: ' ',
  /** The place of a node; whoever draws puts its icon there. */
  node: '●',
  line: '│',
  across: '─',
  /** A line that a way across passes without meeting it. */
  crossing: '│',
  /** A line that goes on, with an arm to the right, to the left, or both. */
  forkRight: '├',
  forkLeft: '┤',
  forkBoth: '┼',
  /** The same for a line that ends here. */
  endRight: '╰',
  endLeft: '╯',
  endBoth: '┴',
  /** A way across that ends at the node beside it. */
  intoRight: '▸',
  intoLeft: '◂',
} as const;

export const unicodeLanes: LaneGlyphs = unicodeCells;

export const asciiLanes: LaneGlyphs = {
  blank: ' ',
  node: 'o',
  line: '|',
  across: '-',
  crossing: '|',
  forkRight: '|',
  forkLeft: '|',
  forkBoth: '+',
  endRight: '`',
  endLeft: "'",
  endBoth: "'",
  intoRight: '>',
  intoLeft: '<',
};
