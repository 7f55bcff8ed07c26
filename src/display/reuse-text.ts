import {
  entryAt,
  isReusable,
  type ReusePreview,
  type RunState,
  unreachable,
  whyNotReused,
  whyReused,
} from '../engine/index.ts';

/** What would become of a task that may be reused, as far as it is known before the run. */
export function reusePreviewText(preview: ReusePreview): string {
  switch (preview.kind) {
    case 'reused':
      return `would be reused: ${whyReused(preview)}`;
    case 'changed':
      return `runs: ${whyNotReused(preview.change)}`;
    case 'open':
      return `runs or is reused: known after ${preview.upstream} has run`;
    default:
      return unreachable(preview);
  }
}

/** Whether a task may be reused, and why it has run all the same; undefined when it may not. */
export function reuseText({ plan, options, tasks }: RunState, index: number): string | undefined {
  if (!isReusable(plan.tasks[index]!.spec, options.reuse)) return undefined;
  const { changed } = entryAt(tasks, index);
  return changed === undefined ? 'when nothing has changed' : `no: ${whyNotReused(changed)}`;
}
