import type { RunEvent } from '../../engine/index.ts';
import type { Reporter, Scene } from './reporter.ts';

/**
 * One JSON object a line: each event as it is, with the run's id and times in ISO 8601, and a last line `run.reported`
 * with the verdict, the exit code and the files. See docs/command-line.md for the fields.
 */
export function jsonReporter({ run, write }: Scene): Reporter {
  const print = (object: Readonly<Record<string, unknown>>) => write(`${safeJson(object)}\n`);
  return {
    report: (event) => print(eventObject(run, event)),
    remind: () => {},
    conclude: ({ state, verdict, exitCode, files }) => {
      const at = new Date(state.finishedAt ?? state.startedAt ?? 0).toISOString();
      const { result, consistency, performance, journal, directory } = files;
      const paths = { result, consistency, performance, journal, directory };
      print({ at, run, type: 'run.reported', verdict, exitCode, files: paths });
    },
  };
}

function eventObject(run: string, event: RunEvent): Readonly<Record<string, unknown>> {
  const { at, type, ...fact } = event;
  const times = event.type === 'task.backing-off' ? { retryAt: new Date(event.retryAt).toISOString() } : {};
  return { at: new Date(at).toISOString(), run, type, ...fact, ...times };
}

/** JSON escapes C0 controls itself; the rest that a terminal could obey is escaped too, without loss. */
function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028\u2029\p{Bidi_Control}\uFEFF]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
