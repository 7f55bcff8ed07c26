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
    finding.follows.length === 0
      ? []
      : [`also different, because they depend on it: ${nameList(finding.follows, maxNames)}`];
  if (cause.kind === 'task-failed') {
    const { task, reason, output } = cause.failure;
    const who = isOfOneTask(finding) ? 'it' : `"${task}"`;
    return {
      sentence: `${beginning(finding, task)} ${who} fails: ${reason}${suspicion(finding)}`,
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

/** Then the sentence begins with its name. */
function isOfOneTask({ proof }: Finding): boolean {
  return proof === 'twice' || proof === 'killed';
}

function beginning({ proof }: Finding, task: string | undefined): string {
  switch (proof) {
    case 'twice':
      return `${task} is not idempotent: when it runs a second time,`;
    case 'killed':
      return `${task} does not survive a kill: when it runs again after a kill,`;
    case 'parallel':
      return 'parallel is not sequential: when all tasks run in parallel,';
    case 'order':
      return 'a dependency is missing: when independent tasks run in the opposite order,';
    default:
      return unreachable(proof);
  }
}

/** Who writes what differs, and who may be why. */
function suspicion(finding: Finding): string {
  const { tasks, suspects, cause } = finding;
  if (isOfOneTask(finding)) return '';
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
  const subject = cause.kind === 'task-failed' || tasks.length === 1 ? 'it' : 'them';
  if (suspects.length === 0) {
    return tasks.length > 1 ? `${writers}, and no dependency orders them` : writers;
  }
  const which = suspects.length === 1 ? quoted(suspects) : `one of ${quoted(suspects)}`;
  return `${writers}, and no dependency says whether ${which} runs before or after ${subject}`;
}

function describeDifference(difference: Difference): string {
  switch (difference.kind) {
    case 'rows': {
      const { table, expectedRows, foundRows } = difference;
      const count =
        expectedRows === foundRows
          ? `${table} has different data`
          : `${table} has ${formatCount(foundRows, 'row')} instead of ${formatNumber(expectedRows)}`;
      return `${count}: ${describeCounts(difference)}`;
    }
    case 'no-table':
      return `table ${difference.table} is missing`;
    case 'new-table':
      return `there is an extra table ${difference.table}`;
    case 'definition':
      return `the columns, indexes or constraints of ${difference.table} are different`;
    case 'file':
      return describeFile(difference);
    default:
      return unreachable(difference);
  }
}

function describeFile({ path, how, line }: Extract<Difference, { kind: 'file' }>): string {
  if (how === 'missing') return `file ${path} is missing`;
  if (how === 'added') return `there is an extra file ${path}`;
  return line === undefined ? `file ${path} is different` : `file ${path} is different from line ${line} on`;
}

function describeCounts(difference: Extract<Difference, { kind: 'rows' }>): string {
  const { missing, added, changed, repeated, isComplete, expectedRows, foundRows } = difference;
  const allTwice = repeated === expectedRows && foundRows === 2 * expectedRows;
  const parts = [
    ...(repeated === 0
      ? []
      : [allTwice ? 'every row occurs twice' : `${formatCount(repeated, 'row')} too many, copies of others`]),
    ...(missing === 0 ? [] : [`${formatCount(missing, 'row')} missing`]),
    ...(added === 0 ? [] : [`${formatCount(added, 'row')} that should not exist`]),
    ...(changed === 0 ? [] : [`${formatCount(changed, 'row')} with different values`]),
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
      return `should not exist: ${rowText(example.row)}`;
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
    ...difference.added.map((line) => `should not exist: ${line}`),
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
        return 'replace existing rows and tables: ON CONFLICT in place of a plain INSERT, IF NOT EXISTS, or DROP … IF EXISTS';
      return rows !== undefined && rows.repeated + rows.added > 0
        ? 'give the table a key and load with ON CONFLICT, or delete the old rows in the same transaction'
        : 'compute the result from the input only, not from earlier results; ignore a column that differs at each load with --ignore';
    case 'killed':
      return isFailure
        ? 'at its start, remove what an earlier attempt left behind'
        : 'do all the work in one transaction, and mark it as done only after the commit';
    case 'parallel':
    case 'order':
      return suspects.length + tasks.length > 1
        ? 'if one needs what the other writes, add it to "dependencies"; if both write the same rows, let only one of them do so'
        : 'add what it needs to "dependencies"; ignore a column that differs at each load with --ignore';
    default:
      return unreachable(proof);
  }
}
