import { formatCount } from '../../display/format/format-count.ts';
import { formatDuration } from '../../display/format/format-duration.ts';
import { formatMinute } from '../../display/format/format-moment.ts';
import { nameList } from '../../display/format/name-list.ts';
import { type DeliverableResult, displayText, formatSize, type PreparedRequest } from '../../engine/index.ts';
import type { Style } from '../output/style.ts';

const maxNames = 6;

/** What a request asks for, what will be run for it, and when that is expected to end. */
export function requestLines(prepared: PreparedRequest, name: string, now: number): readonly string[] {
  const { request, run, params, leftOut, expectation, plan } = prepared;
  const { from, priority, deadline } = request;
  const due = deadline === undefined ? '' : `, due ${formatMinute(deadline.value)}`;
  const tasks = run.plan.tasks.filter(({ skip }) => !skip).map(({ spec }) => spec.id);
  const { expectedMs, outlook } = expectation;
  const lines = [
    `request ${displayText(name)} from ${displayText(from)}, priority ${priority}${due}`,
    `  runs        ${tasks.length === 0 ? 'no task' : nameList(tasks, maxNames)}`,
    ...Object.entries(params).map(([key, value]) => `  ${key.padEnd(11)} ${displayText(value)}`),
    ...leftOut.map(({ task, why }) => `  left out    ${task}: ${why}`),
  ];
  if (plan.deliverables.length > 0) {
    const names = plan.deliverables.map((deliverable) => deliverable.name);
    lines.push(`  delivers    ${nameList(names, maxNames)}`);
  }
  const verdict = outlook?.canBeMet === true ? ': the deadline can be met' : '';
  if (expectedMs !== undefined) {
    lines.push(`  expected    about ${formatDuration(expectedMs)}, until ${formatMinute(now + expectedMs)}${verdict}`);
  } else if (outlook !== undefined && outlook.canBeMet === undefined) {
    lines.push('  expected    unknown: there are too few earlier runs');
  }
  return lines;
}

type Answered = NonNullable<ReturnType<PreparedRequest['answer']>>['document'];

/** How a request was answered, deliverable by deliverable. */
export function answerLines(
  answer: Answered,
  paths: { readonly answer: string; readonly request: string },
  { icons }: Style,
): readonly string[] {
  const width = Math.max(0, ...answer.deliverables.map(({ name }) => name.length));
  return [
    `request ${answer.status.replace('_', ' ')}: ${displayText(answer.summary)}`,
    ...answer.deliverables.flatMap((one) => [
      `  ${one.status === 'delivered' ? icons.succeeded : icons.failed} ${one.name.padEnd(width)}  ${displayText(deliverableText(one))}`,
      ...one.notes.map((note) => `      ${displayText(note)}`),
    ]),
    `  answer      ${displayText(paths.answer)}`,
    `  request     ${displayText(paths.request)}`,
  ];
}

function deliverableText({ status, why, table, rows, file, size_bytes: bytes }: DeliverableResult): string {
  if (status === 'not_delivered') return `not delivered: ${why ?? ''}`;
  const parts = [
    ...(table === undefined ? [] : [rows === undefined ? table : `${table}, ${formatCount(rows, 'row')}`]),
    ...(file === undefined ? [] : [bytes === undefined ? file : `${file}, ${formatSize(bytes)}`]),
  ];
  return parts.join('; ');
}
