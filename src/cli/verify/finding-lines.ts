import { formatCount, formatNumber } from '../../display/format/format-count.ts';
import { nameList } from '../../display/format/name-list.ts';
import { type Difference, type Finding, type RowExample, type RowValues, unreachable } from '../../engine/index.ts';

const maxNames = 4;
const maxOutputLines = 4;
const maxColumns = 8;
const longestValue = 60;

/** What a finding means: a sentence, lines that show it, and what to do. */
export type FindingLines = {
  readonly sentence: string;
  readonly details: readonly string[];
  readonly hint: string;
};

export function findingLines(finding: Finding): FindingLines {
  const { cause } = finding;
  const follows =
    finding.follows.length === 0 ? [] : [`made of it, and different as well: ${nameList(finding.follows, maxNames)}`];
  if (cause.kind === 'task-failed') {
    const { task, reason, output } = cause.failure;
    return {
      sentence: `${beginning(finding, task)} it fails: ${reason}${suspicion(finding)}`,
      details: output.trim().split('\n').filter(Boolean).slice(-maxOutputLines),
      hint: hintFor(finding),
    };
  }
  const { difference } = cause;
  return {
    sentence: `${beginning(finding, finding.tasks[0])} ${describeDifference(difference)}${suspicion(finding)}`,
    details: [
      ...(difference.kind === 'rows' ? difference.examples.map(describeExample) : definitionLines(difference)),
      ...follows,
    ],
    hint: hintFor(finding),
  };
}

function beginning({ proof }: Finding, task: string | undefined): string {
  switch (proof) {
    case 'twice':
      return `${task} is not idempotent: when it is run a second time,`;
    case 'killed':
      return `${task} does not survive a kill: when it is run again after it was killed,`;
    case 'parallel':
      return 'parallel is not sequential: when all tasks run in parallel,';
    case 'order':
      return 'the order matters, and no dependency says so: when independent tasks run the other way round,';
    default:
      return unreachable(proof);
  }
}

/** Who writes what differs, and who may be why. */
function suspicion({ proof, tasks, suspects, cause }: Finding): string {
  if (proof !== 'parallel' && proof !== 'order') return '';
  const quoted = (names: readonly string[]) =>
    nameList(
      names.map((name) => `"${name}"`),
      maxNames,
    );
  const writers =
    cause.kind === 'task-failed'
      ? ''
      : tasks.length === 0
        ? ''
        : `; ${quoted(tasks)} ${tasks.length === 1 ? 'writes' : 'write'} it`;
  const subject = cause.kind === 'task-failed' ? `"${cause.failure.task}"` : tasks.length === 1 ? 'it' : 'them';
  if (suspects.length === 0) {
    return tasks.length > 1 ? `${writers}, and nothing says which of them is first` : writers;
  }
  const which = suspects.length === 1 ? quoted(suspects) : `one of ${quoted(suspects)}`;
  return `${writers}, and nothing says whether ${which} runs before or after ${subject}`;
}

function describeDifference(difference: Difference): string {
  switch (difference.kind) {
    case 'rows': {
      const { table, expectedRows, foundRows } = difference;
      const count =
        expectedRows === foundRows
          ? `${table} has other data`
          : `${table} has ${formatCount(foundRows, 'row')} instead of ${formatNumber(expectedRows)}`;
      return `${count}: ${describeCounts(difference)}`;
    }
    case 'no-table':
      return `there is no table ${difference.table}`;
    case 'new-table':
      return `there is a table ${difference.table}, which there is not otherwise`;
    case 'definition':
      return `the columns, indexes or constraints of ${difference.table} are others`;
    case 'file':
      return describeFile(difference);
    default:
      return unreachable(difference);
  }
}

function describeFile({ path, how, line }: Extract<Difference, { kind: 'file' }>): string {
  if (how === 'missing') return `there is no file ${path}`;
  if (how === 'added') return `there is a file ${path}, which there is not otherwise`;
  return line === undefined ? `the file ${path} is another` : `the file ${path} is another from line ${line} on`;
}

function describeCounts(difference: Extract<Difference, { kind: 'rows' }>): string {
  const { missing, added, changed, repeated, isComplete, expectedRows, foundRows } = difference;
  const allTwice = repeated === expectedRows && foundRows === 2 * expectedRows;
  const parts = [
    ...(repeated === 0
      ? []
      : [allTwice ? 'every row is there twice' : `${formatCount(repeated, 'row')} too many, copies of others`]),
    ...(missing === 0 ? [] : [`${formatCount(missing, 'row')} missing`]),
    ...(added === 0 ? [] : [`${formatCount(added, 'row')} that should not be there`]),
    ...(changed === 0 ? [] : [`${formatCount(changed, 'row')} with other values`]),
  ];
  return `${isComplete ? '' : 'at least '}${parts.join(', ')}`;
}

function describeExample(example: RowExample): string {
  switch (example.kind) {
    case 'repeated':
      return `${formatNumber(example.found)} times instead of ${formatNumber(example.expected)}: ${rowText(example.row)}`;
    case 'missing':
      return `missing: ${rowText(example.row)}`;
    case 'added':
      return `should not be there: ${rowText(example.row)}`;
    case 'changed': {
      const names = Object.keys(example.expected);
      const values = names.slice(0, maxColumns).map((name) => {
        const [was, is] = [example.expected[name] ?? null, example.found[name] ?? null];
        return `${name} is ${valueText(is)} instead of ${valueText(was)}`;
      });
      const more = names.length > maxColumns ? [`and ${names.length - maxColumns} more columns`] : [];
      const key = Object.keys(example.key).length === 0 ? '' : `${rowText(example.key)}: `;
      return `${key}${[...values, ...more].join(', ')}`;
    }
    default:
      return unreachable(example);
  }
}

function definitionLines(difference: Difference): readonly string[] {
  if (difference.kind !== 'definition') return [];
  return [
    ...difference.missing.map((line) => `missing: ${line}`),
    ...difference.added.map((line) => `should not be there: ${line}`),
  ];
}

function rowText(row: RowValues): string {
  const names = Object.keys(row);
  const shown = names.slice(0, maxColumns).map((name) => `${name}=${valueText(row[name] ?? null)}`);
  return [...shown, ...(names.length > maxColumns ? [`and ${names.length - maxColumns} more columns`] : [])].join(' ');
}

function valueText(value: string | null): string {
  if (value === null) return 'NULL';
  const text = value.length > longestValue ? `${value.slice(0, longestValue)}…` : value;
  return /^[\w.:+-]+$/.test(text) ? text : JSON.stringify(text);
}

function hintFor({ proof, cause, tasks, suspects }: Finding): string {
  const isFailure = cause.kind === 'task-failed';
  const rows = cause.kind === 'differs' && cause.difference.kind === 'rows' ? cause.difference : undefined;
  switch (proof) {
    case 'twice':
      if (isFailure)
        return 'let it replace what is there: ON CONFLICT in place of a plain INSERT, IF NOT EXISTS, or DROP … IF EXISTS';
      return rows !== undefined && rows.repeated + rows.added > 0
        ? 'give the table a key and load with ON CONFLICT, or delete what is loaded again in the same transaction'
        : 'let it compute from what it reads, and not from what it wrote before; a column that differs at each load can be left out (--ignore)';
    case 'killed':
      return isFailure
        ? 'let it clear away, at its start, what an earlier attempt has left'
        : 'do all of its work in one transaction, and mark nothing as done before that is committed';
    case 'parallel':
    case 'order':
      return suspects.length + tasks.length > 1
        ? 'if one needs what the other writes, name it under "dependencies"; if both write the same rows, let one do it'
        : 'name under "dependencies" what it needs; a column that differs at each load can be left out (--ignore)';
    default:
      return unreachable(proof);
  }
}
