import type { CheckSpec } from '../../model/pipeline/pipeline.ts';
import type { CheckAnswer, CheckResult } from '../../model/run/check-result.ts';
import type { Exit } from '../../model/run/task-state.ts';
import { canonicalDecimal, numberOrText } from '../../model/text/exact-decimal.ts';
import { unreachable } from '../../model/unreachable.ts';
import type { CommandOutput } from './command-output.ts';
import { firstCell } from './first-cell.ts';

type Finding = Pick<CheckAnswer, 'verdict' | 'summary' | 'measured' | 'value' | 'isTransient'>;
type Expected = number | string | null;

/** How many of the last lines of output a result keeps. */
const maxLines = 5;
const maxLength = 200;

/**
 * The verdict on a command that has ended. With `expect` it must have succeeded, and its first cell is compared; without,
 * its exit code decides: 0 passes, 1 fails, everything else is an error.
 */
export function judgeCommand(
  exit: Exit,
  output: CommandOutput,
  expect: Expected | undefined,
  onFail: CheckSpec['onFail'],
): Finding {
  const lines = output.lastLines(maxLines).map(shorten);
  const error = (how: string): Finding => ({
    verdict: 'error',
    summary: withLast(how, lines),
    measured: measuredOf(exit, lines),
    ...(mayPass(exit) ? { isTransient: true } : {}),
  });
  switch (exit.kind) {
    case 'exited':
      if (expect === undefined && exit.code <= 1) {
        const measured = measuredOf(exit, exit.code === 0 ? [] : lines);
        if (exit.code === 0) return { verdict: 'pass', summary: 'the command ended with exit code 0', measured };
        return { verdict: onFail, summary: withLast('the command ended with exit code 1', lines), measured };
      }
      if (expect === undefined || exit.code !== 0) return error(`the command ended with exit code ${exit.code}`);
      return compare(output, expect, onFail);
    case 'signalled':
      return error(`the command was killed by ${exit.signal}`);
    case 'not-started':
      return error(`the command could not be started: ${exit.message}`);
    case 'lost':
      return error(`the command was lost: ${exit.message}`);
    default:
      return unreachable(exit);
  }
}

/** A program that is not there will not be there at the next attempt either. */
function mayPass(exit: Exit): boolean {
  switch (exit.kind) {
    case 'exited':
      return exit.code !== 126 && exit.code !== 127;
    case 'not-started':
      return exit.reason === 'shortage';
    case 'signalled':
    case 'lost':
      return true;
    default:
      return unreachable(exit);
  }
}

function compare(output: CommandOutput, expect: Expected, onFail: CheckSpec['onFail']): Finding {
  const expected = expect === null ? 'nothing' : String(expect);
  const printed = firstCell(output.first());
  const { cell = '', line: whole = '' } = printed ?? {};
  const [found, line] = [shorten(cell), shorten(whole)];
  const passed = expect === null ? isNull(cell) : isExpected(cell, whole, String(expect));
  const gave = found === '' ? 'the command printed nothing' : `the command gave ${found}`;
  // The rest of the line mostly says where it is wrong.
  const rest = passed || line === found ? '' : ` (${line})`;
  const number = canonicalDecimal(found) === undefined ? Number.NaN : Number(found);
  return {
    verdict: passed ? 'pass' : onFail,
    summary: passed ? `${gave}, as expected` : `${gave}, expected ${expected}${rest}`,
    measured: { value: printed === undefined ? null : numberOrText(found), expect },
    ...(Number.isFinite(number) ? { value: number } : {}),
  };
}

/** A number by its exact value, everything else letter by letter; a text may also be the whole line, separators included. */
function isExpected(cell: string, line: string, expected: string): boolean {
  if (cell === expected || line === expected) return true;
  const number = canonicalDecimal(expected);
  return number !== undefined && number === canonicalDecimal(cell);
}

function isNull(cell: string): boolean {
  return cell === '' || cell.toUpperCase() === 'NULL';
}

function measuredOf(exit: Exit, lines: readonly string[]): CheckResult['measured'] {
  return {
    ...(exit.kind === 'exited' ? { exit_code: exit.code } : {}),
    // The last one alone is in the summary.
    ...(lines.length < 2 ? {} : { last_lines: lines }),
  };
}

function withLast(how: string, lines: readonly string[]): string {
  const last = lines.at(-1);
  return last === undefined ? how : `${how}: ${last}`;
}

function shorten(text: string): string {
  return text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
}
