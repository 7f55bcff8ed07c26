import { exitCodes, signalExitCodes } from '../../../src/cli/exit-code.ts';

/** How the program ended; without a code, by a signal. */
export type Ending = {
  readonly code: number | null;
  readonly signal?: string | null;
  readonly out: string;
  readonly err: string;
};

/** All of the table but that of a bug. */
const usual: readonly number[] = [...Object.values(exitCodes), ...Object.values(signalExitCodes)].filter(
  (code) => code !== exitCodes.bug,
);

/** What of Node.js itself nobody should see: a stack trace, or a warning of a process. */
const ofNode = /^\s+at (?:\S+ )?\(?(?:file:|node:|\/).*:\d+:\d+\)?$|^\(node:\d+\)|^Node\.js v\d/m;

/** An ending that no run may have, and one that is not among `wanted`. */
export function endingProblems(
  { code, signal, out, err }: Ending,
  wanted?: readonly (number | null)[],
): readonly string[] {
  const isKilled = code === null && signal === 'SIGKILL';
  const isUsual = isKilled || (code !== null && usual.includes(code));
  const isWanted = wanted === undefined || wanted.includes(code);
  const [trace] = ofNode.exec(err) ?? [];
  return [
    ...(isUsual ? [] : [`it ended with ${code ?? signal}, which is not in the table of exit codes:\n${err}`]),
    ...(isUsual && !isWanted
      ? [`it ended with ${code ?? signal} and not with ${wanted.join(' or ')}:\n${out}\n${err}`]
      : []),
    ...(/This is a bug in etl-tui/.test(err) ? [`it reported a bug:\n${err}`] : []),
    ...(trace === undefined ? [] : [`standard error shows "${trace.trim()}":\n${err}`]),
  ];
}
