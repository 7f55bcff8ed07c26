import { measuredValues } from '../../../display/format/measured-values.ts';
import { checkEnding } from '../../../display/states/check-display.ts';
import { endingText } from '../../../display/task-ending.ts';
import {
  awayBetween,
  describeCheckNotRun,
  displayText,
  entryAt,
  exitVerdict,
  isOutcome,
  type OutputTail,
  type RunState,
  type SlaJudgement,
  type TaskEntry,
  type TaskId,
  unreachable,
} from '../../../engine/index.ts';
import { eventLine } from '../event-line.ts';
import { outputLines } from '../output-lines.ts';
import { xmlAttribute, xmlText } from './xml-text.ts';

type Ending = {
  readonly element: 'failure' | 'error' | 'skipped';
  readonly type?: string;
  readonly message: string;
  readonly text?: readonly string[];
};

type TestCase = {
  readonly suite: string;
  readonly name: string;
  readonly tookMs: number;
  readonly ending?: Ending;
  /** What is to be known of a case that passed. */
  readonly remark?: readonly string[];
  /** What its suite counts it as, besides what JUnit counts. */
  readonly isDegraded?: true;
  readonly isStale?: true;
  readonly isWarning?: true;
};

type ReadTail = (task: TaskId, attempt: number) => OutputTail;

const maxOutputLines = 200;

/**
 * The run as JUnit XML: a suite for each level, one for the checks and one for the SLAs. A task that failed and a check that found wrong
 * data are a `failure`; a task that could not be started and a check that had an error are an `error`; what did not run is
 * `skipped`; what the limit of the run ended is a `failure`. JUnit has no warnings, such as a failure that is tolerated: they are
 * the output of a case that passed, and each suite counts them in its
 * properties. Valid for the schema of Jenkins (`junit-10.xsd` of its xunit plugin).
 */
export function junitReport(state: RunState, tail: ReadTail, slas: readonly SlaJudgement[] = []): string {
  const { plan } = state;
  const cases = [
    ...plan.tasks.map(({ index, spec }) =>
      taskCase(spec.id, spec.level ?? 'tasks', entryAt(state.tasks, index), state, tail),
    ),
    ...plan.checks.map(({ index, spec }) => checkCase(spec.name, index, state)),
    ...slas.map((sla) => slaCase(sla, plan.pipeline.slas.onMiss === 'fail')),
  ];
  const suites = new Map<string, TestCase[]>();
  for (const one of cases) {
    const members = suites.get(one.suite);
    if (members === undefined) suites.set(one.suite, [one]);
    else members.push(one);
  }
  const timestamp = new Date(state.startedAt ?? 0).toISOString().slice(0, 19);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${xmlAttribute(plan.pipeline.name)}" ${counts(cases, suitesCounts)} time="${seconds(tookOf(state))}">`,
    ...[...suites].flatMap(([name, members]) => [
      `  <testsuite name="${xmlAttribute(name)}" ${counts(members, suiteCounts)} time="${seconds(sumOf(members))}" timestamp="${timestamp}">`,
      ...propertyLines(members, state, slas),
      ...members.map((member) => caseElement(plan.pipeline.name, member)),
      '  </testsuite>',
    ]),
    '</testsuites>',
  ];
  return `${lines.join('\n')}\n`;
}

function taskCase(task: TaskId, level: string, entry: TaskEntry, state: RunState, tail: ReadTail): TestCase {
  const { state: outcome, startedAt, endedAt } = entry;
  const tookMs = startedAt === undefined || endedAt === undefined ? 0 : endedAt - startedAt;
  const testCase = { suite: level, name: task, tookMs };
  if (!isOutcome(outcome))
    return { ...testCase, ending: { element: 'error', type: 'unfinished', message: 'left unfinished' } };
  const line = eventLine({ type: 'task.finished', at: state.startedAt!, task, outcome }, state)!;
  const message = endingText(line.word, line.details);
  if (outcome.kind === 'succeeded') {
    if (outcome.degraded !== undefined) return { ...testCase, remark: [message], isDegraded: true };
    if (entry.stale !== undefined) return { ...testCase, remark: [message], isStale: true };
    return entry.attempts > 1 ? { ...testCase, remark: [message] } : testCase;
  }
  if (outcome.kind === 'cancelled' && entry.drained?.kind === 'run-limit' && startedAt !== undefined) {
    const output = outputLines(tail(task, entry.attempts), maxOutputLines);
    return { ...testCase, ending: { element: 'failure', type: 'run-limit', message, text: output } };
  }
  if (outcome.kind !== 'failed' && outcome.kind !== 'timed-out') {
    return { ...testCase, ending: { element: 'skipped', message } };
  }
  if (outcome.tolerated) return { ...testCase, remark: [message], isWarning: true };
  const type = outcome.kind === 'failed' ? outcome.cause.kind : 'timeout';
  const element = type === 'not-started' || type === 'lost' ? 'error' : 'failure';
  const text = outputLines(tail(task, outcome.attempt), maxOutputLines);
  return { ...testCase, ending: { element, type, message, text } };
}

function checkCase(name: string, index: number, state: RunState): TestCase {
  const check = state.checks[index]!;
  if (check.kind !== 'done') {
    const message = `not run: ${describeCheckNotRun(state, index) ?? 'the run ended before the result'}`;
    return { suite: 'checks', name, tookMs: 0, ending: { element: 'skipped', message } };
  }
  const { verdict, summary, durationMs, measured } = check.result;
  const values = measuredValues(measured).map(([label, value]) => `${label}: ${value}`);
  const testCase = { suite: 'checks', name, tookMs: durationMs };
  switch (verdict) {
    case 'pass':
      return testCase;
    case 'warn':
      return { ...testCase, remark: [endingText(checkEnding(verdict), [summary]), ...values], isWarning: true };
    case 'fail':
      return { ...testCase, ending: { element: 'failure', type: 'check', message: summary, text: values } };
    case 'error':
      return { ...testCase, ending: { element: 'error', type: 'check', message: summary } };
  }
}

/** A missed SLA is a failure only where it makes the run fail; of one that could not be measured nothing is known. */
function slaCase({ sla, status, message }: SlaJudgement, isFailure: boolean): TestCase {
  const testCase = { suite: 'slas', name: sla, tookMs: 0 };
  switch (status) {
    case 'met':
      return testCase;
    case 'missed':
      return isFailure
        ? { ...testCase, ending: { element: 'failure', type: 'sla', message } }
        : { ...testCase, remark: [`missed: ${message}`], isWarning: true };
    case 'open':
    case 'at-risk':
    case 'not-measured':
      return { ...testCase, ending: { element: 'skipped', message } };
    default:
      return unreachable(status);
  }
}

function caseElement(pipeline: string, { suite, name, tookMs, ending, remark }: TestCase): string {
  const classname = xmlAttribute(`${pipeline}.${suite}`);
  const open = `    <testcase name="${xmlAttribute(name)}" classname="${classname}" time="${seconds(tookMs)}"`;
  if (remark !== undefined) return `${open}><system-out>${linesText(remark)}</system-out></testcase>`;
  if (ending === undefined) return `${open}/>`;
  const { element, type, message, text = [] } = ending;
  const attributes = `message="${xmlAttribute(displayText(message))}"${type === undefined ? '' : ` type="${type}"`}`;
  const inner =
    text.length > 0 ? `<${element} ${attributes}>${linesText(text)}</${element}>` : `<${element} ${attributes}/>`;
  return `${open}>${inner}</testcase>`;
}

function linesText(lines: readonly string[]): string {
  return xmlText(lines.map(displayText).join('\n'));
}

const suitesCounts = { failures: 'failure', errors: 'error' } as const;
/** The whole has no count of what was skipped: the schema does not allow it there. */
const suiteCounts = { ...suitesCounts, skipped: 'skipped' } as const;

function counts(cases: readonly TestCase[], elements: Readonly<Record<string, Ending['element']>>): string {
  const count = (element: Ending['element']) => cases.filter(({ ending }) => ending?.element === element).length;
  const counted = Object.entries(elements).map(([name, element]) => `${name}="${count(element)}"`);
  return [`tests="${cases.length}"`, ...counted].join(' ');
}

/** What JUnit has no numbers for. */
function propertyLines(
  members: readonly TestCase[],
  state: RunState,
  slas: readonly SlaJudgement[],
): readonly string[] {
  const params = Object.entries(state.options.params ?? {}).map(([name, value]) => [`param.${name}`, value]);
  const properties: Readonly<Record<string, string>> = {
    run: state.options.run,
    verdict: exitVerdict(state, slas),
    warnings: String(members.filter(({ isWarning }) => isWarning).length),
    degraded: String(members.filter(({ isDegraded }) => isDegraded).length),
    stale: String(members.filter(({ isStale }) => isStale).length),
    ...Object.fromEntries(params),
  };
  return [
    '    <properties>',
    ...Object.entries(properties).map(
      ([name, value]) => `      <property name="${name}" value="${xmlAttribute(value)}"/>`,
    ),
    '    </properties>',
  ];
}

function tookOf({ startedAt, finishedAt, away }: RunState): number {
  if (startedAt === undefined || finishedAt === undefined) return 0;
  return finishedAt - startedAt - awayBetween(away, startedAt, finishedAt);
}

function sumOf(cases: readonly TestCase[]): number {
  return cases.reduce((sum, { tookMs }) => sum + tookMs, 0);
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}
