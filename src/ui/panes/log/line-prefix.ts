import { formatTime } from '../../../display/format/format-moment.ts';
import type { OutputStamp } from '../../../engine/index.ts';
import { type Line, styled } from '../../primitives/line.ts';
import type { Theme } from '../../theme.ts';
import type { ShownLine } from './shown-line.ts';

type Prefixed = { readonly stamps: boolean };

/** What stands before a line: when it came, and `err` when on the second stream. */
export function linePrefix({ stamp }: ShownLine, { stamps }: Prefixed, width: number, _theme: Theme): Line {
  return stamps && width > 2 * stampColumns ? stampText(stamp) : [];
}

const stampColumns = 17;

function stampText(stamp: OutputStamp | undefined): Line {
  if (stamp === undefined) return [styled(' '.repeat(stampColumns))];
  const time = styled(`${formatTime(stamp.at)} `, 'dim');
  return stamp.stream === 'stdout' ? [time, styled('    ')] : [time, styled(`${streamMarks[stamp.stream]} `, 'stderr')];
}

/** `mix`: of both streams. */
const streamMarks = { stderr: 'err', both: 'mix' } as const;
