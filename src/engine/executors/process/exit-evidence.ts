import { constants } from 'node:os';
import type { Exit } from '../../model/run/task-state.ts';
import { explainFailedExec, explainLaunchFailure, explainShortage } from './launch-error.ts';
import type { StatusLine } from './slots/slot-status.ts';

const maxMessages = 20;
/** What bash says of a failed exec is shorter. */
const maxStderrBytes = 4_000;

export type ShellMessage = Extract<StatusLine, { kind: 'launch-failed' | 'shell-message' }>;

/** Collects what the shell of a slot says about one attempt, from which the attempt's exit is found. */
export type ExitEvidence = {
  readonly onMessage: (line: ShellMessage) => void;
  readonly onStderr: (chunk: Uint8Array) => void;
  /** @param status as bash gives it; @param leader 0 when no process was reported */
  exit(status: number, leader: number): Exit;
  /** The exit when the slot ended before it could report one. */
  exitWithoutReport(message: string, leader: number | undefined): Exit;
};

/** @param slotName how the shell names itself in its messages; @param program the first word of the command */
export function collectExitEvidence(slotName: string, program: string, cwd: string): ExitEvidence {
  const messages: string[] = [];
  let launchFailure: Extract<StatusLine, { kind: 'launch-failed' }> | undefined;
  let stderr = '';
  return {
    onMessage: (line) => {
      if (line.kind === 'launch-failed') launchFailure = line;
      else if (messages.length < maxMessages) messages.push(line.text);
    },
    onStderr: (chunk) => {
      if (stderr.length >= maxStderrBytes) return;
      stderr += Buffer.from(chunk.subarray(0, maxStderrBytes - stderr.length)).toString('latin1');
    },
    exit: (status, leader) => {
      if (launchFailure !== undefined) return explainLaunchFailure(launchFailure, program, cwd);
      const text = Buffer.from(stderr, 'latin1').toString('utf8');
      return explainFailedExec(status, text, slotName, program, cwd) ?? exitOfStatus(status, leader, messages);
    },
    exitWithoutReport: (message, leader) => {
      const notForked = leader === undefined ? messages.find((text) => /\bfork: /.test(text)) : undefined;
      return notForked === undefined
        ? { kind: 'lost', why: 'runner-gone', message }
        : explainShortage(notForked.replace(/^.*\bfork: (retry: )?/, ''));
    },
  };
}

const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** Bash may print no message for these, so that their status has to do. */
const silentSignals: ReadonlySet<number> = new Set([
  constants.signals.SIGINT,
  constants.signals.SIGPIPE,
  constants.signals.SIGTERM,
]);

/**
 * The exit behind bash's status, which is 128 + n both for a process that died of signal n and for one that exited with
 * that code. Bash's messages tell them apart: `[1]+  Exit 143  (…)` against `[1]+  Terminated  (…)`, or a line that names
 * the pid of what was killed. Bash translates the words, so that only the numbers are read.
 */
function exitOfStatus(status: number, leader: number, messages: readonly string[]): Exit {
  const signal = signalNames.get(status - 128);
  if (signal === undefined) return { kind: 'exited', code: status };
  const states = messages
    .map((message) => /^\[\d+\]\S*\s+([^(]*)/.exec(message)?.[1])
    .filter((state) => state !== undefined);
  if (states.some((state) => names(state, status))) return { kind: 'exited', code: status };
  const killed = states.length > 0 || messages.some((message) => names(message, leader));
  return killed || silentSignals.has(status - 128) ? { kind: 'signalled', signal } : { kind: 'exited', code: status };
}

function names(text: string, number: number): boolean {
  return new RegExp(`(^|\\D)${number}(\\D|$)`).test(text);
}
