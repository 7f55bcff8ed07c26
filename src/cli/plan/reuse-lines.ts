import { reusePreviewText } from '../../display/reuse-text.ts';
import { displayText, type ReusePreview, type TaskId, whyNotReused } from '../../engine/index.ts';

export type ReusePreviews = ReadonlyMap<TaskId, ReusePreview>;

const maxLines = 60;

/** One line for each task that may be reused. */
export function reuseLines(reuse: ReusePreviews, width: number): readonly string[] {
  const lines = [...reuse].map(([task, preview]) => displayText(`${task.padEnd(width)}  ${reusePreviewText(preview)}`));
  if (lines.length <= maxLines) return lines;
  const reused = [...reuse.values()].filter(({ kind }) => kind === 'reused').length;
  return [...lines.slice(0, maxLines), `and ${lines.length - maxLines} more; ${reused} of all would be reused`];
}

/** The same for programs. */
export function reuseJson(preview: ReusePreview | undefined): { readonly reuse?: object } {
  switch (preview?.kind) {
    case undefined:
      return {};
    case 'reused':
      return { reuse: { kind: 'reused', run: preview.run } };
    case 'changed':
      return { reuse: { kind: 'changed', because: whyNotReused(preview.change) } };
    case 'open':
      return { reuse: { kind: 'open', after: preview.upstream } };
  }
}
