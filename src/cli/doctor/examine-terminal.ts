import { fine, type ProbeResult, resultOf } from '../../engine/index.ts';
import type { Capabilities } from '../../ui/terminal/capabilities.ts';

/** What is known of the terminal; sizes are 0 when it does not tell. */
export type TerminalLook = Pick<Capabilities, 'colourLevel' | 'unicode' | 'plainBecause'> & {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTerminal: boolean;
  /** Asked for with `--ascii`. */
  readonly isAscii: boolean;
  readonly columns: number;
  readonly rows: number;
  /** Below this no panes are drawn. */
  readonly least: { readonly columns: number; readonly rows: number };
};

const colours = ['no colours', '16 colours', '256 colours', 'all colours'] as const;

/** Whether a run can be shown on a screen here, and how. Pure. */
export function examineTerminal(look: TerminalLook): ProbeResult {
  const { env, isTerminal, plainBecause, colourLevel, unicode, isAscii, columns, rows, least } = look;
  if (!isTerminal) return fine('terminal', 'none here: a run prints a log');
  const size = columns > 0 && rows > 0 ? `${columns}x${rows}` : 'size unknown, 80x24 is assumed';
  const name = env['TERM'] || 'without a TERM';
  const seen = `${name}, ${size}, ${colours[colourLevel]}, ${unicode ? 'Unicode' : 'ASCII only'}`;
  if (plainBecause !== undefined) {
    return resultOf(
      'terminal',
      'warning',
      `${seen}; a run prints a log: ${plainBecause}`,
      'a run shows a screen where that is not so',
    );
  }
  if (columns > 0 && rows > 0 && (columns < least.columns || rows < least.rows)) {
    return resultOf(
      'terminal',
      'warning',
      `${seen}; a screen needs ${least.columns}x${least.rows}`,
      'make the window larger',
    );
  }
  if (!unicode && !isAscii && env['TERM'] !== 'linux') {
    return resultOf(
      'terminal',
      'warning',
      `${seen}: the locale is not UTF-8`,
      'set LANG=C.UTF-8, or another UTF-8 locale (locale -a lists them)',
    );
  }
  return fine('terminal', seen);
}
