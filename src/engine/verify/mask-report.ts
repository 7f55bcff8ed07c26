import type { RowExample, RowValues, TableDifference } from '../database/compare/table-content.ts';
import type { Difference, Finding, TaskFailure, VerifyReport } from './verify-report.ts';

type Mask = (text: string) => string;

/** Whatever comes from the data, from the server or from a task may hold a secret. */
export function maskReport(report: VerifyReport, mask: Mask): VerifyReport {
  const { end } = report;
  return {
    ...report,
    server: mask(report.server),
    findings: report.findings.map((finding) => maskFinding(finding, mask)),
    end: typeof end === 'object' ? { failed: maskFailure(end.failed, mask) } : end,
  };
}

function maskFinding(finding: Finding, mask: Mask): Finding {
  const { cause } = finding;
  if (cause.kind === 'task-failed')
    return { ...finding, cause: { ...cause, failure: maskFailure(cause.failure, mask) } };
  return { ...finding, cause: { ...cause, difference: maskDifference(cause.difference, mask) } };
}

function maskFailure(failure: TaskFailure, mask: Mask): TaskFailure {
  return { ...failure, reason: mask(failure.reason), output: mask(failure.output) };
}

function maskDifference(difference: Difference, mask: Mask): Difference {
  return difference.kind === 'file' ? { ...difference, path: mask(difference.path) } : maskTable(difference, mask);
}

function maskTable(difference: TableDifference, mask: Mask): TableDifference {
  switch (difference.kind) {
    case 'no-table':
    case 'new-table':
      return difference;
    case 'definition':
      return { ...difference, missing: difference.missing.map(mask), added: difference.added.map(mask) };
    case 'rows':
      return { ...difference, examples: difference.examples.map((example) => maskExample(example, mask)) };
  }
}

function maskExample(example: RowExample, mask: Mask): RowExample {
  const values = (row: RowValues): RowValues =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? null : mask(value)]));
  if (example.kind !== 'changed') return { ...example, row: values(example.row) };
  return {
    kind: 'changed',
    key: values(example.key),
    expected: values(example.expected),
    found: values(example.found),
  };
}
