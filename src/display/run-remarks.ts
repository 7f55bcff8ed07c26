import { formatLimit, type RunReport } from '../engine/index.ts';
import { formatCount } from './format/format-count.ts';

/**
 * What a run that succeeded has to add: warnings of checks, failures that are tolerated, tasks in whose place something stood in, tasks whose data is
 * stale because of others, SLAs; undefined = not known.
 */
export type Remarks = {
  readonly warned: number | undefined;
  readonly tolerated: number | undefined;
  readonly degraded: number | undefined;
  readonly stale: number | undefined;
  readonly missedSlas: number | undefined;
};

/** `1 warning`, `1 tolerated failure`, `2 degraded tasks`, `3 stale tasks`, `1 missed SLA`; none of what is not known or did not happen. */
export function remarkTexts({
  warned = 0,
  tolerated = 0,
  degraded = 0,
  stale = 0,
  missedSlas = 0,
}: Remarks): readonly string[] {
  return [
    ...(warned > 0 ? [formatCount(warned, 'warning')] : []),
    ...(tolerated > 0 ? [formatCount(tolerated, 'tolerated failure')] : []),
    ...(degraded > 0 ? [formatCount(degraded, 'degraded task')] : []),
    ...(stale > 0 ? [formatCount(stale, 'stale task')] : []),
    ...(missedSlas > 0 ? [formatCount(missedSlas, 'missed SLA')] : []),
  ];
}

/** `, with 1 warning, 2 degraded tasks and 1 missed SLA`, after the duration of a success; empty without any. */
export function remarkClause(remarks: Remarks): string {
  const texts = remarkTexts(remarks);
  const last = texts[texts.length - 1];
  if (last === undefined) return '';
  return `, with ${texts.length === 1 ? last : `${texts.slice(0, -1).join(', ')} and ${last}`}`;
}

/** `: it reached its limit of 4h`, after the duration of a run that was ended because of that; empty otherwise. */
export function limitClause(limitMs: number | undefined): string {
  return limitMs === undefined ? '' : `: it reached its limit of ${formatLimit(limitMs)}`;
}

/** What stands after the duration of a stored run. */
export function clauseOfReport(report: Pick<RunReport, 'result' | 'consistency' | 'status'>): string {
  const { run_limit_seconds: limit } = report.result;
  if (report.status === 'success') return remarkClause(remarksOfReport(report));
  return limitClause(limit === undefined ? undefined : limit * 1000);
}

function remarksOfReport({ result, consistency }: Pick<RunReport, 'result' | 'consistency'>): Remarks {
  return {
    warned: consistency?.summary.warn,
    tolerated: result.results.filter(({ tolerated }) => tolerated).length,
    degraded: result.results.filter(({ degraded }) => degraded !== undefined).length,
    stale: result.results.filter(({ stale, degraded }) => stale !== undefined && degraded === undefined).length,
    missedSlas: result.missed_slas?.length,
  };
}
