import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AttemptRef, formatAttemptRef } from '../../model/ids.ts';

/**
 * The files of one attempt, in a directory that the nodes see as well. All of them are private, and are there before the
 * job is submitted, so that no file system remembers that they are not.
 *
 * - `instruction`: what the slot program is given; it holds secrets, and the job deletes it when it begins
 * - `status`: the lines of the slot program, and the end
 * - `stdout`, `stderr`: what the command prints, not masked
 * - `report`: the file behind `ETL_TASK_REPORT`
 * - `slurm`: what Slurm itself has to say
 * - `claim`: a directory; whoever makes it decides whether the command ever begins
 * - `grace`: how soon after SIGTERM it is killed, in tenths of a second
 */
export type JobFolder = {
  readonly path: string;
  readonly file: (name: 'status' | 'stdout' | 'stderr' | 'report' | 'slurm') => string;
  /** Makes it; false when there is one already, of an orchestrator before. */
  create(): Promise<boolean>;
  /** Writes what a job needs that is about to be submitted, and leaves alone what one has written that was submitted before. */
  prepare(instruction: string): Promise<void>;
  /** True when the command has not begun, and never will. */
  claim(): Promise<boolean>;
  writeGrace(tenths: number): Promise<void>;
  /** Deletes what the command has printed, which others have by then, and keeps how it ended. */
  shrink(): Promise<void>;
};

/** @param directory of the jobs of the run */
export function jobFolder(directory: string, ref: AttemptRef): JobFolder {
  // Names of instances may be longer than those of files.
  const path = join(directory, createHash('sha256').update(formatAttemptRef(ref)).digest('hex').slice(0, 24));
  const privately = (name: string, text: string) =>
    writeFile(join(path, name), text, { mode: 0o600, flag: text === '' ? 'a' : 'w' });
  const make = async (at: string): Promise<boolean> => {
    try {
      await mkdir(at, { mode: 0o700 });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  };
  return {
    path,
    file: (name) => join(path, name),
    create: () => make(path),
    prepare: async (instruction) => {
      for (const name of ['status', 'stdout', 'stderr', 'report', 'slurm']) await privately(name, '');
      await privately('instruction.part', instruction);
      await rename(join(path, 'instruction.part'), join(path, 'instruction'));
    },
    claim: () => make(join(path, 'claim')),
    writeGrace: (tenths) => privately('grace', `${tenths}\n`),
    shrink: async () => {
      for (const name of ['stdout', 'stderr', 'report', 'slurm', 'instruction']) {
        await rm(join(path, name), { force: true });
      }
    },
  };
}

/** A file that another machine writes, read from where the last reading ended. */
export type FollowedFile = {
  /** Reads what has come, at most about `most` bytes; a chunk is valid during the call only. A file that is not there is empty. */
  read(onChunk: (chunk: Uint8Array) => void, most?: number): Promise<void>;
};

const chunkBytes = 0x10000;

export function followFile(path: string): FollowedFile {
  let offset = 0;
  return {
    read: async (onChunk, most = Number.POSITIVE_INFINITY) => {
      // Opened each time, because that is when a network file system asks what is new.
      const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (file === undefined) return;
      try {
        const { size } = await file.stat();
        const until = Math.min(size, offset + most);
        if (until <= offset) return;
        const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, until - offset));
        while (offset < until) {
          const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
          if (bytesRead === 0) return;
          offset += bytesRead;
          onChunk(buffer.subarray(0, bytesRead));
        }
      } finally {
        await file.close();
      }
    },
  };
}
