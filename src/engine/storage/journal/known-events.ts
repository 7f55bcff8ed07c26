import type { OverloadKind } from '../../model/run/capacity.ts';
import type { CheckVerdict } from '../../model/run/check-result.ts';
import type { ResumeDecision } from '../../model/run/resume-decision.ts';
import type { ReuseChange } from '../../model/run/reuse.ts';
import type { DrainReason, RunEvent, RunStatus } from '../../model/run/run-event.ts';
import type { FailureCause, Outcome } from '../../model/run/task-state.ts';

/** What this version makes of a record: of a newer one it may not know the type, or what an event of a known type says. */
export type Knowledge = 'known' | 'unknown-type' | 'unknown-value';

/** A record as it was read, as long as nothing is known of it. */
export type UnknownRecord = Readonly<Record<string, unknown>>;

export function knowledgeOf(record: UnknownRecord): Knowledge {
  const isKnown = typeof record['type'] === 'string' ? types[record['type'] as RunEvent['type']] : undefined;
  if (isKnown === undefined || !Object.hasOwn(types, String(record['type']))) return 'unknown-type';
  return typeof record['at'] === 'number' && isKnown(record) ? 'known' : 'unknown-value';
}

type Values<Value extends string> = Readonly<Record<Value, true>>;

const statuses: Values<RunStatus> = { success: true, failed: true, cancelled: true };
const drainReasons: Values<DrainReason['kind']> = {
  cancelled: true,
  critical: true,
  sequential: true,
  'run-limit': true,
  'journal-lost': true,
};
const outcomes: Values<Outcome['kind']> = {
  succeeded: true,
  failed: true,
  'timed-out': true,
  skipped: true,
  'not-needed': true,
  reused: true,
  'upstream-failed': true,
  cancelled: true,
};
const causes: Values<FailureCause['kind']> = {
  'exit-code': true,
  signal: true,
  timeout: true,
  'not-started': true,
  'missing-output': true,
  'only-if': true,
  awaited: true,
  'wait-for': true,
  'bad-lines': true,
  lost: true,
  overload: true,
};
const overloads: Values<OverloadKind> = { connections: true, deadlock: true, 'lock-timeout': true, memory: true };
const verdicts: Values<CheckVerdict> = { pass: true, warn: true, fail: true, error: true };

const decided: Values<ResumeDecision['kind']> = {
  reused: true,
  interrupted: true,
  adopted: true,
  failed: true,
  'timed-out': true,
  cancelled: true,
  'not-run': true,
  command: true,
  environment: true,
  dependencies: true,
  condition: true,
  parameters: true,
  upstream: true,
  'torn-down': true,
  end: true,
  output: true,
  input: true,
};

const changes: Values<ReuseChange['kind']> = {
  unknown: true,
  unfinished: true,
  command: true,
  parameters: true,
  environment: true,
  database: true,
  dependencies: true,
  upstream: true,
  input: true,
  output: true,
};

const always = () => true;
const ofTask = (event: UnknownRecord) => typeof event['task'] === 'string';

/** By type of event, whether the values are known by which others decide what to do or to say. */
const types: Readonly<Record<RunEvent['type'], (event: UnknownRecord) => boolean>> = {
  'run.started': always,
  'run.continued': ({ decisions }) => Object.values(asRecord(decisions)).every((one) => isOneOf(decided, kindOf(one))),
  'run.paused': always,
  'run.resumed': always,
  'run.limited': always,
  'capacity.changed': always,
  'hosts.changed': ({ hosts }) => Array.isArray(hosts),
  'run.stepped-down': ({ because }) => isOneOf(overloads, because),
  'run.stepped-up': always,
  'run.draining': ({ reason }) => isOneOf(drainReasons, kindOf(reason)),
  'run.reopened': always,
  'run.finished': ({ status }) => isOneOf(statuses, status),
  'task.awaiting': ofTask,
  'task.asking': ofTask,
  'task.ready': (event) => ofTask(event) && isKnownChange(event['changed']),
  'task.started': ofTask,
  'task.spawned': ofTask,
  'task.progressed': ofTask,
  'task.stopping': ofTask,
  'task.backing-off': (event) => ofTask(event) && isKnownCause(event['cause']),
  'task.finished': (event) => ofTask(event) && isKnownOutcome(event['outcome']),
  'tasks.expanded': ({ lines }) => Object.values(asRecord(lines)).every(Array.isArray),
  'task.reset': ofTask,
  'check.started': always,
  'check.backing-off': isKnownResult,
  'check.finished': isKnownResult,
  'check.reset': always,
};

function isKnownResult({ result }: UnknownRecord): boolean {
  return isOneOf(verdicts, asRecord(result)['verdict']);
}

function isKnownOutcome(outcome: unknown): boolean {
  const { cause } = asRecord(outcome);
  return isOneOf(outcomes, kindOf(outcome)) && (cause === undefined || isKnownCause(cause));
}

function isKnownChange(change: unknown): boolean {
  return change === undefined || isOneOf(changes, kindOf(change));
}

function isKnownCause(cause: unknown): boolean {
  const { of } = asRecord(cause);
  return isOneOf(causes, kindOf(cause)) && (of === undefined || isOneOf(overloads, of));
}

function kindOf(value: unknown): unknown {
  return asRecord(value)['kind'];
}

function asRecord(value: unknown): UnknownRecord {
  return typeof value === 'object' && value !== null ? (value as UnknownRecord) : {};
}

function isOneOf(values: Values<string>, value: unknown): boolean {
  return typeof value === 'string' && Object.hasOwn(values, value);
}
