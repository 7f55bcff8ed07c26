import { formatNumber } from '../../display/format/format-count.ts';
import { nameList } from '../../display/format/name-list.ts';
import { type EpochMs, explainWait, type RunState, readyTasks } from '../../engine/index.ts';

const maxNamed = 3;
const maxReasons = 3;
/** To find a reason takes a walk through the queue, which may be ten thousand tasks long. */
const maxExplained = 50;

/** What ready tasks wait for: `odds_b (pool odds_api is full: odds_a holds it), plays (CPU 92 % > 80 %)`; empty when none does. */
export function waitsOf(state: RunState, now: EpochMs): string {
  const ready = readyTasks(state, maxExplained);
  const namesByReason = new Map<string, string[]>();
  for (const index of ready) {
    const reason = explainWait(state, index, now);
    if (reason === undefined) continue;
    const names = namesByReason.get(reason) ?? [];
    namesByReason.set(reason, names);
    names.push(state.plan.tasks[index]!.spec.id);
  }
  const shown = [...namesByReason].slice(0, maxReasons);
  const texts = shown.map(([reason, names]) => `${nameList(names, maxNamed)} (${reason})`);
  const count = shown.reduce((sum, [, names]) => sum + names.length, 0);
  const more = shown.length === 0 ? 0 : state.ready.size - count;
  return more === 0 ? texts.join(', ') : `${texts.join(', ')} and ${formatNumber(more)} more`;
}
