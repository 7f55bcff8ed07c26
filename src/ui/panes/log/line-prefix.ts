import { formatTime } from '../../../display/format/format-moment.ts';
import type { OutputStamp } from '../../../engine/index.ts';
import { type Line, styled } from '../../primitives/line.ts';
import { shortenMiddle } from '../../primitives/text/fit-text.ts';
import { textWidth } from '../../primitives/text/text-width.ts';
import type { Theme } from '../../theme.ts';
import type { ShownLine } from './shown-line.ts';

/** Which of it is wanted; `names` are columns, `task` stands out among them. */
type Prefixed = { readonly stamps: boolean; readonly names?: number; readonly task?: string };

/** What stands before a line: when it came, `err` when on the second stream, and the task that printed it. */
export function linePrefix(line: ShownLine, { stamps, names, task }: Prefixed, width: number, theme: Theme): Line {
  const time = stamps && width > 2 * stampColumns ? stampText(line.stamp) : [];
  if (names === undefined) return time;
  const columns = Math.max(4, Math.min(names, Math.floor(width / 3)));
  const name = shortenMiddle(nameOf(line), columns, theme.glyphs.ellipsis);
  const blank = ' '.repeat(Math.max(0, columns - textWidth(name)));
  const bar = styled(` ${theme.glyphs.box.upright} `, 'border');
  return [...time, styled(name + blank, line.task === task ? 'bold' : 'busy'), bar];
}

const stampColumns = 17;

function stampText(stamp: OutputStamp | undefined): Line {
  if (stamp === undefined) return [styled(' '.repeat(stampColumns))];
  const time = styled(`${formatTime(stamp.at)} `, 'dim');
  return stamp.stream === 'stdout' ? [time, styled('    ')] : [time, styled(`${streamMarks[stamp.stream]} `, 'stderr')];
}

/** `mix`: of both streams. */
const streamMarks = { stderr: 'err', both: 'mix' } as const;

/** `load`, or `load#2` for its second attempt. */
function nameOf({ task, attempt = 1 }: ShownLine): string {
  return attempt > 1 ? `${task}#${attempt}` : (task ?? '');
}
