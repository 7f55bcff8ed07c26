import type { Diagnostic, DiagnosticCode } from '../model/diagnostic.ts';

/** What is looked at, by its stable name. */
export type Subject =
  | 'node'
  | 'bash'
  | 'pipeline'
  | 'program'
  | 'isolation'
  | 'database'
  | 'rights'
  | 'connections'
  | 'queue'
  | 'memory'
  | 'logs'
  | 'state'
  | 'locks'
  | 'notify'
  | 'proxy'
  | 'terminal'
  | 'config';

/** `problem`: something that a run, or a part of it, will fail for. `warning`: something that somebody should know. */
export type ProbeState = 'ok' | 'warning' | 'problem';

/** One thing that was looked at: one line. */
export type ProbeResult = {
  readonly subject: Subject;
  readonly state: ProbeState;
  readonly found: string;
  /** What to do about it. */
  readonly advice?: string;
  readonly code?: DiagnosticCode;
};

export function fine(subject: Subject, found: string): ProbeResult {
  return { subject, state: 'ok', found };
}

export function resultOf(subject: Subject, state: ProbeState, found: string, advice?: string): ProbeResult {
  return { subject, state, found, ...(advice === undefined ? {} : { advice }) };
}

/** What a run would say. */
export function resultFrom(
  subject: Subject,
  { code, severity, message, hint }: Diagnostic,
  state: ProbeState = severity === 'error' ? 'problem' : 'warning',
): ProbeResult {
  return { ...resultOf(subject, state, message, hint), code };
}
