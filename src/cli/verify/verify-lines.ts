import { formatCount, formatNumber } from '../../display/format/format-count.ts';
import { formatDuration } from '../../display/format/format-duration.ts';
import { nameList } from '../../display/format/name-list.ts';
import { displayText, type LeftOutColumn, type Proof, unreachable, type VerifyReport } from '../../engine/index.ts';
import type { Style } from '../output/style.ts';
import { findingLines } from './finding-lines.ts';
import { proofName } from './proof-names.ts';

const maxNames = 12;
const maxOutputLines = 10;

/** What was found and what it means, in sentences; made safe for a terminal here. */
export function verifyLines(report: VerifyReport, style: Style): readonly string[] {
  return [
    ...report.findings.flatMap((finding) => {
      const { sentence, details, hint } = findingLines(finding);
      return ['', mark(false, sentence, style), ...details.map(indented), `  hint: ${displayText(hint)}`];
    }),
    '',
    ...endLines(report, style),
    ...noteLines(report),
  ];
}

function endLines(report: VerifyReport, style: Style): readonly string[] {
  const { end, findings } = report;
  const took = formatDuration(report.durationMs);
  if (end === 'stopped') return [`stopped after ${took}`];
  if (end !== 'complete') {
    const { task, reason, output } = end.failed;
    const lines = output.trim().split('\n').filter(Boolean).slice(-maxOutputLines);
    return [
      mark(false, `${task} fails when it runs alone, in an empty database: ${reason}`, style),
      ...lines.map(indented),
      '  hint: verify starts with an empty database, so a task of the pipeline must create every table',
    ];
  }
  const scope = `${formatCount(report.tasks.length, 'task')}, ${formatCount(report.tables, 'table')}, in ${took}`;
  const failed = new Set(findings.map(({ proof }) => proof));
  return [
    ...report.proofs.map((proof) => mark(!failed.has(proof), `${proofName[proof]}${detail(proof, report)}`, style)),
    findings.length === 0
      ? `the same data every time (${scope})`
      : `not the same data every time: ${formatCount(findings.length, 'finding')} (${scope})`,
  ];
}

function detail(proof: Proof, { tasks, pairs }: VerifyReport): string {
  switch (proof) {
    case 'order':
      if (pairs.independent === 0) return ': no two tasks are independent';
      return `: ${formatNumber(pairs.bothOrders)} of ${formatCount(pairs.independent, 'pair')} ran in both orders`;
    case 'killed': {
      const kills = tasks.reduce((sum, { killed }) => sum + killed.atMs.length, 0);
      const late = tasks.reduce((sum, { killed }) => sum + killed.tooLate, 0);
      const unclear = tasks.filter(({ killed }) => killed.result === 'unclear').map(({ task }) => task);
      const lateText = late === 0 ? '' : `, ${formatNumber(late)} more came after its end`;
      const unclearText = unclear.length === 0 ? '' : `; no result for ${nameList(unclear, maxNames)}`;
      return `: ${formatCount(kills, 'kill')}${lateText}${unclearText}`;
    }
    case 'parallel':
    case 'twice':
      return '';
    default:
      return unreachable(proof);
  }
}

function noteLines({ proofs, leftOut, unused, degraded, seed, kept }: VerifyReport): readonly string[] {
  const named = (why: LeftOutColumn['why']) =>
    leftOut.filter((one) => one.why === why).map(({ table, column }) => `${table}.${column}`);
  const note = (names: readonly string[], what: string) =>
    names.length === 0 ? [] : [displayText(`not compared, ${what}: ${nameList(names, maxNames)}`)];
  return [
    ...note(named('load-time'), 'they hold the time of loading'),
    ...note(named('numbered'), 'they are numbered by the database'),
    ...note(named('asked'), 'as asked'),
    ...(unused.length === 0 ? [] : [`in --ignore, but in no table: ${displayText(nameList(unused, maxNames))}`]),
    ...(degraded.length === 0 ? [] : [`the fallback ran for: ${nameList(degraded, maxNames)}`]),
    ...(proofs.includes('killed') ? [`seed ${seed}: repeat the same kills with --seed ${seed}`] : []),
    ...(kept.databases.length === 0 ? [] : [`kept databases: ${kept.databases.join(', ')}`]),
    ...(kept.directory === undefined ? [] : [displayText(`kept logs and outputs: ${kept.directory}`)]),
  ];
}

function mark(isGood: boolean, text: string, { paint, icons }: Style): string {
  const icon = isGood ? paint.green(icons.succeeded) : paint.red(icons.failed);
  return `${icon} ${displayText(text)}`;
}

function indented(line: string): string {
  return `    ${displayText(line)}`;
}
