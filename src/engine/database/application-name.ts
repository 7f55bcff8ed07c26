import { createHash } from 'node:crypto';

/** PostgreSQL truncates application names at 63 bytes, and truncated names might no longer differ. */
const longestName = 63;

/** The prefix of the application names of all sessions of a run. */
export function applicationNamePrefix(run: string): string {
  return `etl-tui:${run}:`;
}

/** The application name of one attempt's sessions: `etl-tui:<run>:<task>#<attempt>`; long task names end in a hash. */
export function attemptApplicationName(run: string, task: string, attempt: number): string {
  const [before, after] = [applicationNamePrefix(run), `#${attempt}`];
  const room = longestName - before.length - after.length;
  const plain = task.replace(/[^\x21-\x7e]/g, '?');
  if (plain === task && task.length <= room) return `${before}${task}${after}`;
  const hash = createHash('sha256').update(task).digest('hex').slice(0, 8);
  return `${before}${plain.slice(0, Math.max(0, room - 9))}~${hash}${after}`;
}
