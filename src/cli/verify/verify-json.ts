import type { Difference, Finding, TaskProof, VerifyReport } from '../../engine/index.ts';
import { findingLines } from './finding-lines.ts';

/** With the field names of the result files. */
export function verifyJson(report: VerifyReport) {
  const { end, findings } = report;
  const isComplete = end === 'complete';
  return {
    pipeline: report.pipeline,
    verdict: !isComplete ? (end === 'stopped' ? 'stopped' : 'failed') : findings.length === 0 ? 'same' : 'differs',
    server: report.server,
    seed: report.seed,
    duration_seconds: seconds(report.durationMs),
    proofs: report.proofs,
    failure: typeof end === 'object' ? end.failed : null,
    tables: report.tables,
    independent_pairs: report.pairs.independent,
    pairs_in_both_orders: report.pairs.bothOrders,
    tasks: report.tasks.map(taskJson),
    findings: findings.map(findingJson),
    degraded: report.degraded,
    not_compared: report.leftOut.map(({ table, column, why }) => ({ table, column, why: whyWord[why] })),
    unused_ignore: report.unused,
    kept_databases: report.kept.databases,
    kept_directory: report.kept.directory ?? null,
  };
}

const whyWord = { asked: 'asked', 'load-time': 'load_time', numbered: 'numbered' } as const;

function taskJson({ task, durationMs, writes, twice, killed }: TaskProof) {
  return {
    task,
    duration_seconds: seconds(durationMs),
    writes,
    twice: word(twice),
    killed: word(killed.result),
    killed_at_ms: killed.atMs,
    kills_too_late: killed.tooLate,
  };
}

function findingJson(finding: Finding) {
  const { proof, tasks, suspects, cause, follows } = finding;
  const { sentence, hint } = findingLines(finding);
  return {
    proof,
    tasks,
    suspects,
    message: sentence,
    hint,
    ...(cause.kind === 'task-failed' ? { failure: cause.failure } : { difference: differenceJson(cause.difference) }),
    follows,
  };
}

function differenceJson(difference: Difference) {
  if (difference.kind !== 'rows') return { ...difference, kind: word(difference.kind) };
  const { kind, table, expectedRows, foundRows, isComplete, missing, added, changed, repeated, examples } = difference;
  return {
    kind,
    table,
    rows_expected: expectedRows,
    rows_found: foundRows,
    missing,
    added,
    changed,
    repeated,
    complete: isComplete,
    examples,
  };
}

function word(text: string): string {
  return text.replaceAll('-', '_');
}

function seconds(ms: number): number {
  return Math.round(ms) / 1_000;
}
