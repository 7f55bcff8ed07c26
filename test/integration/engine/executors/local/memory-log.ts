import type { TaskId } from '../../../../../src/engine/model/ids.ts';
import type { OutputLog, OutputStream } from '../../../../../src/engine/ports.ts';

export type MemoryLog = OutputLog & {
  bytes(task: TaskId, attempt: number, stream: OutputStream): Buffer;
  /** Attempts whose log was opened, and closed. */
  opened(): readonly string[];
  closed(): readonly string[];
};

/** Keeps everything, as a log on the disk would. */
export function memoryLog(): MemoryLog {
  const written = new Map<string, { stream: OutputStream; bytes: Buffer }[]>();
  const closed: string[] = [];
  const nameOf = (task: TaskId, attempt: number) => `${task}#${attempt}`;
  const bytes = (task: TaskId, attempt: number, stream?: OutputStream) =>
    Buffer.concat(
      (written.get(nameOf(task, attempt)) ?? [])
        .filter((piece) => stream === undefined || piece.stream === stream)
        .map((piece) => piece.bytes),
    );
  const tail = (task: TaskId, attempt: number, stream?: OutputStream) =>
    bytes(task, attempt, stream).toString('utf8').slice(-4_000);
  return {
    open: (task, attempt) => {
      const name = nameOf(task, attempt);
      if (written.has(name)) throw new Error(`the log of ${name} was opened twice`);
      const pieces: { stream: OutputStream; bytes: Buffer }[] = [];
      written.set(name, pieces);
      return {
        write: (stream, chunk) => {
          if (closed.includes(name)) throw new Error(`something was written to the closed log of ${name}`);
          pieces.push({ stream, bytes: Buffer.from(chunk) });
        },
        close: () => {
          closed.push(name);
        },
      };
    },
    tail: (task, attempt) => ({
      stdout: tail(task, attempt, 'stdout'),
      stderr: tail(task, attempt, 'stderr'),
      merged: tail(task, attempt),
    }),
    path: (task, attempt) => `/dev/null/${nameOf(task, attempt)}`,
    bytes,
    opened: () => [...written.keys()],
    closed: () => closed,
  };
}
