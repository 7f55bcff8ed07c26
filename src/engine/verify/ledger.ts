import type { DatabaseComparison, LeftOutColumn } from '../database/compare/table-content.ts';
import type { TaskId } from '../model/ids.ts';
import type { RunEnding } from './run-on-database.ts';
import type { Finding, Proof, TaskFailure, TaskProof } from './verify-report.ts';

/** What has been found so far. */
export type Ledger = {
  readonly findings: Finding[];
  readonly tasks: TaskProof[];
  readonly proofs: Set<Proof>;
  readonly degraded: Set<TaskId>;
  leftOut(): readonly LeftOutColumn[];
  /** The most tables that were compared at once. */
  tables(): number;
  noteRun(ending: RunEnding): void;
  noteComparison(comparison: DatabaseComparison): void;
  noteFailure(proof: Proof, failure: TaskFailure, suspects?: readonly TaskId[]): void;
};

export function createLedger(): Ledger {
  const findings: Finding[] = [];
  const degraded = new Set<TaskId>();
  const leftOut = new Map<string, LeftOutColumn>();
  let tables = 0;
  return {
    findings,
    tasks: [],
    proofs: new Set(),
    degraded,
    leftOut: () => [...leftOut.values()],
    tables: () => tables,
    noteRun: (ending) => {
      for (const task of ending.degraded) degraded.add(task);
    },
    noteComparison: (comparison) => {
      tables = Math.max(tables, comparison.tables);
      for (const one of comparison.leftOut) leftOut.set(`${one.table}.${one.column}`, one);
    },
    noteFailure: (proof, failure, suspects = []) => {
      findings.push({ proof, tasks: [failure.task], suspects, cause: { kind: 'task-failed', failure }, follows: [] });
    },
  };
}
