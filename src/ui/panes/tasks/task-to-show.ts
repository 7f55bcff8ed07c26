import { entryAt, type RunState } from '../../../engine/index.ts';
import type { RowKey } from '../../store/screen-state.ts';

/**
 * The task whose output and details are shown: the selected one; of a selected matrix the instance that is shown as long as
 * it runs, else one that runs, has failed, or ended last; while a level is selected, the one before.
 */
export function taskToShow(selected: RowKey | undefined, state: RunState, before: number | undefined) {
  if (selected?.kind === 'task') return selected.index;
  const instances = selected?.kind === 'family' ? (state.plan.families.get(selected.family) ?? []) : [];
  if (instances.length === 0) return before;
  const kindOf = (index: number) => entryAt(state.tasks, index).state.kind;
  const isAmong = before !== undefined && instances.includes(before);
  if (isAmong && kindOf(before) === 'running') return before;
  const running = instances.find((index) => kindOf(index) === 'running');
  const failed = running ?? instances.find((index) => kindOf(index) === 'failed' || kindOf(index) === 'timed-out');
  return (
    failed ??
    (isAmong ? before : instances.findLast((index) => entryAt(state.tasks, index).attempts > 0)) ??
    instances[0]
  );
}
