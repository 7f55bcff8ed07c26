import { type RunReport, type RunState, type Staleness, stalenessOfCheck } from '../engine/index.ts';
import { formatMinute } from './format/format-moment.ts';

/** Since when data is stale and why: `stale since 2026-01-04 08:00 UTC: built on an earlier load of odds`. */
export function staleText(stale: Staleness): string {
  return `${staleSince(stale)}: ${staleReason(stale)}`;
}

/** The same for a row of the screen: `since 01-04 08:00: built on an earlier load of "odds"`. */
export function staleTextShort(stale: Staleness): string {
  return `${staleSinceShort(stale)}: ${staleReason(stale)}`;
}

/** `stale since 2026-01-04 08:00 UTC`; without the time when that is none, as in a file of another version. */
export function staleSince({ since }: { readonly since: number }): string {
  return Number.isFinite(since) ? `stale since ${formatMinute(since)}` : 'stale';
}

/** Without year and zone: `since 01-04 08:00`. */
export function staleSinceShort({ since }: { readonly since: number }): string {
  return `since ${formatMinute(since).slice('2026-'.length, '2026-01-04 08:00'.length)}`;
}

type StaleResult = NonNullable<RunReport['result']['results'][number]['stale']>;

/** The same for the result of a task, which says by itself what stands in for its own load. */
export function staleResultText({ since, task, why }: StaleResult, of: string): string {
  const text = staleSince({ since: Date.parse(since) });
  return task === of ? text : `${text}: ${staleReason({ task, why })}`;
}

/** Why the data of a task is stale that is itself not the reason for it. */
function staleReason({ task, why }: { readonly task: string; readonly why: string }): string {
  return why === 'rerun' ? `"${task}" has run again` : `built on an earlier load of "${task}"`;
}

/** That a check judges data that is not up to date: `its data is stale since 2026-01-04 08:00 UTC`. */
export function judgedStale(state: RunState, check: string): readonly string[] {
  const index = state.plan.checks.findIndex(({ spec }) => spec.name === check);
  const stale = index < 0 ? undefined : stalenessOfCheck(state, index);
  return stale === undefined ? [] : [judgedSince(stale.since)];
}

/** The same for the row of a check in a file, where a version before this one may have measured something of that name. */
export function judgedStaleResult(stale: StaleResult | null | undefined): readonly string[] {
  const since: unknown = stale?.since;
  return typeof since === 'string' ? [judgedSince(Date.parse(since))] : [];
}

function judgedSince(since: number): string {
  return `its data is ${staleSince({ since })}`;
}
