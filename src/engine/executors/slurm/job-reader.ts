import { lstat } from 'node:fs/promises';
import { maskText } from '../../masking/mask-stream.ts';
import type { EpochMs } from '../../model/ids.ts';
import type { Exit } from '../../model/run/task-state.ts';
import type { AttemptObserver } from '../../ports.ts';
import { collectExitEvidence } from '../process/exit-evidence.ts';
import { maskOutput } from '../process/output/masked-output.ts';
import { faultNote, followReportFile } from '../process/output/report-file.ts';
import { parseStatusLine } from '../process/slots/slot-status.ts';
import { followFile, type JobFolder } from './job-folder.ts';
import { overLine } from './job-program.ts';
import type { SlurmContext } from './slurm-context.ts';

/** So much of the output of one attempt is read in one look, so that the others have theirs. */
const bytesPerLook = 0x400000;
const lineFeed = 0x0a;

/** Tells what comes into the files of a job as an executor tells it. */
export type JobReader = {
  /** Whether there is any sign of the job. */
  hasBegun(): boolean;
  /** Whether its command has ended. */
  hasEnded(): boolean;
  /** Reads what has come; how it ended, once nothing of it runs any more. Never rejects. */
  read(): Promise<Exit | undefined>;
  /** Reads the rest, and what Slurm has to say of the job when that is asked for; then tells the exit. */
  finish(exit: Exit, withSlurm: boolean): Promise<void>;
};

/** @param program the first word of the command */
export function readJob(
  { host, secrets, slotPath }: SlurmContext,
  folder: JobFolder,
  { program, cwd }: { readonly program: string; readonly cwd: string },
  observer: AttemptObserver,
): JobReader {
  const mask = (text: string) => maskText(secrets, text);
  const evidence = collectExitEvidence(slotPath, program, cwd);
  const output = maskOutput(secrets, observer.output);
  const report = followReportFile(folder.file('report'), mask, observer.reported);
  const streams = (['stdout', 'stderr'] as const).map((name) => ({ name, file: followFile(folder.file(name)) }));
  const status = followFile(folder.file('status'));
  let rest = '';
  let begun = false;
  let leader: number | undefined;
  let ended: number | undefined;
  let isOver = false;
  let endedAt: EpochMs | undefined;
  let isInLine = false;
  let seenReport = '';

  const onLine = (text: string) => {
    begun = true;
    if (text === overLine) {
      isOver = true;
      return;
    }
    const line = parseStatusLine(text);
    if (line.kind === 'ended') ended = line.status;
    else if (line.kind !== 'started') evidence.onMessage(line);
    else if (leader === undefined) {
      leader = line.pid;
      observer.spawned({ host, pid: line.pid });
    }
  };

  const readOutput = async (most: number) => {
    for (const { name, file } of streams) {
      await file.read((chunk) => {
        if (name === 'stderr') evidence.onStderr(chunk);
        isInLine = chunk.at(-1) !== lineFeed;
        output.write(name, chunk);
      }, most);
    }
    const stamp = await stampOf(folder.file('report'));
    if (stamp !== seenReport) report.read();
    seenReport = stamp;
  };

  const exit = (): Exit =>
    ended === undefined
      ? evidence.exitWithoutReport('the shell of the task ended unexpectedly', leader)
      : evidence.exit(ended, leader ?? 0);

  return {
    hasBegun: () => begun,
    hasEnded: () => ended !== undefined,
    read: async () => {
      try {
        await status.read((chunk) => {
          const lines = (rest + Buffer.from(chunk).toString('utf8')).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) onLine(line);
        });
        await readOutput(bytesPerLook);
      } catch {
        // A file system that is away is asked again; when it does not come back, Slurm says how the job ended.
      }
      if (!isOver) return undefined;
      // The line that says so is the last of the file.
      endedAt = await writtenAt(folder.file('status'));
      return exit();
    },
    finish: async (how, withSlurm) => {
      const said: Buffer[] = [];
      try {
        await readOutput(Number.POSITIVE_INFINITY);
        if (withSlurm) await followFile(folder.file('slurm')).read((chunk) => said.push(Buffer.from(chunk)));
      } catch {
        // What was read is all that can be told.
      }
      for (const text of said) {
        isInLine = false;
        output.write('stderr', text);
      }
      report.finish();
      output.end();
      const note = faultNote(report, isInLine);
      if (note !== undefined) observer.output('stderr', note);
      observer.exited('message' in how ? { ...how, message: mask(how.message) } : how, endedAt);
    },
  };
}

async function writtenAt(path: string): Promise<EpochMs | undefined> {
  try {
    return Math.round((await lstat(path)).mtimeMs) as EpochMs;
  } catch {
    return undefined;
  }
}

/** Changes with the file; empty when there is none. */
async function stampOf(path: string): Promise<string> {
  try {
    const { size, mtimeMs } = await lstat(path);
    return size === 0 ? '' : `${size} ${mtimeMs}`;
  } catch {
    return '';
  }
}
