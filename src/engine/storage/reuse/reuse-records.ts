import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { TaskId } from '../../model/ids.ts';
import { failed, type Result } from '../../model/result.ts';
import type { ReuseRecord } from '../../model/run/reuse.ts';
import { withFileSystemDeadline } from '../../platform/file-system-deadline.ts';
import { stateDirectory } from '../../platform/state-directory.ts';
import { writeError } from '../fs/cannot-write.ts';
import { makePrivateDirectory } from '../fs/private-directory.ts';
import { writeFileAtomically } from '../fs/write-file-atomically.ts';
import { directoryName } from '../logs/attempt-log-path.ts';

/** What is kept of the tasks of a pipeline for the question whether they may be reused: one file a task. */
export type ReuseRecords = {
  /** Undefined when there is none that can be understood. Never rejects. */
  read(task: TaskId): Promise<ReuseRecord | undefined>;
  /** Replaces what is kept. When that is not possible, nothing is kept any more. */
  write(record: ReuseRecord): Promise<Result<void, Diagnostic>>;
};

type Env = Readonly<Record<string, string | undefined>>;

/**
 * In the private state of the project, and not with the runs: what is deleted of them decides nothing about the files that
 * tasks have left. Makes no directory before the first record.
 */
export function openReuseRecords(projectDir: string, pipeline: string, env: Env): ReuseRecords {
  const directory = join(stateDirectory(projectDir, env).path, 'reuse', directoryName(pipeline));
  const pathOf = (task: TaskId) => join(directory, `${directoryName(task)}.json`);
  let isMade = false;
  return {
    read: async (task) => {
      try {
        return parseRecord(await withFileSystemDeadline(readFile(pathOf(task), 'utf8')), task);
      } catch {
        return undefined;
      }
    },
    write: async (record) => {
      const path = pathOf(record.task);
      try {
        if (!isMade) makePrivateDirectory(directory);
        isMade = true;
      } catch (error) {
        return failed(writeError(directory, error));
      }
      const written = await writeFileAtomically(path, `${JSON.stringify(record)}\n`);
      if (!written.ok) await withFileSystemDeadline(rm(path, { force: true }), 5_000).catch(() => {});
      return written;
    },
  };
}

function parseRecord(text: string, task: TaskId): ReuseRecord | undefined {
  const record = JSON.parse(text) as ReuseRecord;
  return record.version === 1 && record.task === task ? record : undefined;
}
