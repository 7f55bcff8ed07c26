import type { RunEvent } from '../../model/run/run-event.ts';

/**
 * A copy of an event with its long texts and lists cut to their first part, so that as JSON it has at most `mostBytes`
 * wherever that can be: what a task reported and what a check measured is for people, and nothing is decided by it.
 * Names of tasks are never cut, because the fold of the events needs them. Nor is what the run was started or continued with,
 * and the values of its matrices, because its plan is made of them again, nor the hosts, of which its tasks are placed on one.
 */
export function shortenEvent(event: RunEvent, maxBytes: number): RunEvent {
  if (wholeEvents.has(event.type)) return event;
  let shorter: RunEvent = event;
  for (const [characters, items] of [
    [800, 20],
    [300, 10],
    [100, 3],
  ] as const) {
    shorter = { ...(cut(event, characters, items) as RunEvent), ...namesIn(event) };
    if (Buffer.byteLength(JSON.stringify(shorter)) <= maxBytes) break;
  }
  return shorter;
}

const wholeEvents: ReadonlySet<RunEvent['type']> = new Set([
  'run.started',
  'run.continued',
  'hosts.changed',
  'tasks.expanded',
]);

/** An instance of a task may have 200 characters. */
function namesIn(event: RunEvent): object {
  return 'task' in event ? { task: event.task } : {};
}

function cut(value: unknown, characters: number, items: number): unknown {
  if (typeof value === 'string') return cutText(value, characters);
  if (Array.isArray(value)) return value.slice(0, items).map((item) => cut(item, characters, items));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cut(item, characters, items)]));
}

/** Never leaves one half of a character that takes two units. */
function cutText(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
