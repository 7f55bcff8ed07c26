/** Signals by number, from 1; Linux and macOS agree on those that usually end a program. */
const signals =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'.split(
    ' ',
  );

/** The exit code by which shells tell that a program was ended by the signal, 128 and its number; undefined if unknown. */
export function signalExitCode(signal: string): number | undefined {
  const place = signals.indexOf(signal.replace(/^SIG/, ''));
  return place < 0 ? undefined : 129 + place;
}
