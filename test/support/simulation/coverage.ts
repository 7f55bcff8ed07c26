import type { RunEvent } from '../../../src/engine/model/run/run-event.ts';

/** Notes how tasks go from one state to the other, as `running → succeeded`. */
export function createTransitionNotes(note: (what: string) => void): (event: RunEvent) => void {
  const kinds = new Map<string, string>();
  const move = (task: string, kind: string) => {
    note(`${kinds.get(task) ?? 'waiting'} → ${kind}`);
    kinds.set(task, kind);
  };
  return (event) => {
    switch (event.type) {
      case 'task.awaiting':
        return move(event.task, 'awaiting');
      case 'task.asking':
        return move(event.task, 'asking');
      case 'task.ready':
        return move(event.task, 'ready');
      case 'task.started':
        return move(event.task, 'running');
      case 'task.backing-off':
        return move(event.task, 'backing-off');
      case 'task.finished':
        return move(event.task, event.outcome.kind);
      case 'task.reset':
        return move(event.task, 'waiting');
      case 'task.stopping':
        return note(`stopping: ${event.why}`);
      case 'run.draining':
        note(event.type);
        return note(`draining: ${event.reason.kind}`);
      case 'run.continued':
        note(event.type);
        for (const [task, { kind }] of Object.entries(event.decisions)) {
          note(`resumed: ${kind}`);
          if (kind !== 'reused' && kind !== 'adopted') kinds.set(task, kind === 'interrupted' ? 'ready' : 'waiting');
        }
        return;
      default:
        return note(event.type);
    }
  };
}

/** What must have happened in at least one of a hundred trials. */
export const faultKinds: readonly string[] = [
  'crash',
  'crash while it boots',
  'crash without a guardian',
  'records lost',
  'torn record',
  'wall clock moved',
  'edited',
  'stop',
  'timer ahead of what came before it',
  'late timer',
  'late exit',
  'exit told twice',
  'deaf to SIGTERM',
  'hangs',
  'not started: usage',
  'not started: shortage',
  'missing output',
  'failed commit',
  'left running and ended by the next',
  'resumed after its end',
  'draining: run-limit',
  'resumed: reused',
  'resumed: interrupted',
  'resumed: adopted',
  'host dies',
  'host freezes',
  'host drains',
  'lost with its host',
  'lost before it began',
  'adopted',
];

/** Transitions of tasks, ends of runs and decisions of a resume that must have been seen at all. */
export const transitions: readonly string[] = [
  ...['waiting → ready', 'ready → running', 'ready → waiting', 'backing-off → ready'],
  ...['succeeded', 'failed', 'timed-out', 'skipped', 'cancelled', 'backing-off'].map((kind) => `running → ${kind}`),
  ...['upstream-failed', 'not-needed', 'skipped', 'cancelled'].map((kind) => `waiting → ${kind}`),
  ...['waiting → awaiting', 'waiting → asking', 'awaiting → asking', 'awaiting → ready', 'backing-off → asking'],
  ...['ready', 'not-needed', 'reused', 'failed', 'backing-off', 'skipped', 'cancelled'].map(
    (kind) => `asking → ${kind}`,
  ),
  ...['failed', 'skipped', 'cancelled', 'waiting'].map((kind) => `awaiting → ${kind}`),
  ...['reused → waiting', 'running → not-needed', 'not-needed → waiting', 'not-needed → skipped', 'asking → waiting'],
  ...['skipped', 'cancelled'].flatMap((kind) => [`ready → ${kind}`, `backing-off → ${kind}`]),
  ...['succeeded', 'failed', 'timed-out', 'upstream-failed', 'cancelled'].map((kind) => `${kind} → waiting`),
  ...['failed', 'upstream-failed', 'cancelled'].map((kind) => `${kind} → skipped`),
  ...['failed', 'timed-out', 'cancelled', 'not-run', 'command', 'upstream', 'torn-down', 'end'].map(
    (kind) => `resumed: ${kind}`,
  ),
  ...['timeout', 'idle', 'cancel', 'skip'].map((why) => `stopping: ${why}`),
  ...['started', 'continued', 'paused', 'resumed', 'limited', 'draining', 'reopened', 'finished'].map(
    (what) => `run.${what}`,
  ),
  ...[
    'run.stepped-down',
    'run.stepped-up',
    'capacity.changed',
    'hosts.changed',
    'check.started',
    'check.finished',
    'check.reset',
  ],
];

/** Seldom: a few in a thousand trials. */
export const rareTransitions: readonly string[] = ['backing-off → waiting', 'timed-out → skipped'];
