import { formatClock } from '../../display/format/format-duration.ts';
import type { PlaybackPosition } from '../../engine/index.ts';
import { filledBar } from '../primitives/filled-bar.ts';
import { type Line, styled } from '../primitives/line.ts';
import type { Theme } from '../theme.ts';

/** How far a replay has come: `01:23 / 04:56` and a bar, in about a third of `width` columns. */
export function playbackLine({ elapsedMs, totalMs }: PlaybackPosition, width: number, theme: Theme): Line {
  const share = totalMs === 0 ? 1 : elapsedMs / totalMs;
  const bar = filledBar(share, Math.max(8, Math.min(40, Math.floor(width / 5))), theme, theme.glyphs.box.flat);
  return [
    styled(` ${formatClock(elapsedMs)}`, 'bold'),
    styled(` / ${formatClock(totalMs)} `, 'dim'),
    styled(bar, 'busy'),
    styled('  '),
  ];
}
