import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { planOfOneTask } from '../../capacity/plan-of-one-task.ts';
import { formatShare, formatSize } from '../../model/text/format-size.ts';
import { freeDisk } from '../../platform/free-disk.ts';
import { stateDirectory } from '../../platform/state-directory.ts';
import { machineSize, memoryInUse } from '../../resources/machine-size.ts';
import { findScarcity } from '../../run/preflight/find-scarcity.ts';
import { maxParallel } from '../../run/request/run-options.ts';
import { capByDisk } from '../../scheduler/capacity/assess-capacity.ts';
import { writeError } from '../../storage/fs/cannot-write.ts';
import type { ExamineRequest, Probe } from '../probe.ts';
import { fine, type ProbeResult, resultFrom, resultOf, type Subject } from '../probe-result.ts';

/** What the machine has, or its container, judged as before the first task of a run. */
export const examineMemory: Probe = async ({ pipeline }) => {
  const { cores, memoryBytes: totalBytes } = machineSize();
  const used = memoryInUse() / totalBytes;
  const plan = pipeline?.plan ?? planOfOneTask();
  const supplies = { memory: { used, totalBytes }, maxParallel: maxParallel({ plan }, cores) };
  const warnings = findScarcity(plan, supplies).map((warning) => resultFrom('memory', warning));
  const size = `${formatSize(totalBytes)} in all, ${formatShare(used)} in use; ${cores} ${cores === 1 ? 'core' : 'cores'}`;
  return warnings.length === 0 ? [fine('memory', size)] : warnings;
};

/** Where logs and results go. */
export const examineLogs: Probe = (request) => examineDirectory('logs', request.logDir, '', request);

/** Where the locks of runs and the project's own database are. */
export const examineState: Probe = async (request) => {
  const { path, isMoved } = stateDirectory(request.projectDir, request.env);
  const where = isMoved ? ' (the project itself cannot be written)' : '';
  return examineDirectory('state', path, where, request);
};

async function examineDirectory(
  subject: Subject,
  path: string,
  where: string,
  { pipeline }: ExamineRequest,
): Promise<readonly ProbeResult[]> {
  const refusal = await whyNotWritable(path);
  if (refusal !== undefined) return [resultFrom(subject, writeError(path, refusal, otherPlace[subject] ?? ''))];
  const plan = pipeline?.plan ?? planOfOneTask();
  const disk = await freeDisk(path);
  if (disk === undefined) {
    return [
      resultOf(
        subject,
        'warning',
        `${path}: how much is free there is not known`,
        'see whether its file system answers (df)',
      ),
    ];
  }
  const { freeBytes } = disk;
  const free = `${path}${where}: ${formatSize(freeBytes)} free`;
  if (capByDisk({ plan }, { disks: [{ role: 'project', freeBytes }] }) === undefined) return [fine(subject, free)];
  const least = formatSize(plan.pipeline.limits.diskFreeBytes);
  return [
    {
      ...resultOf(subject, 'warning', `${free}, less than ${least}: one task at once`, makeRoom),
      code: 'run/little-left',
    },
  ];
}

const makeRoom = 'make room (etl-tui prune deletes old runs), or lower limits.disk_free';

const otherPlace: Partial<Record<Subject, string>> = {
  logs: 'make it writable for your user, or choose another directory with --log-dir',
  state: 'set XDG_STATE_HOME to a writable directory',
};

/** The error with which something could not be made at a path that need not exist yet. Writes nothing. */
async function whyNotWritable(path: string): Promise<unknown> {
  for (let place = path; ; place = dirname(place)) {
    try {
      const stats = await stat(place);
      if (!stats.isDirectory()) return Object.assign(new Error('it is not a directory'), { code: 'ENOTDIR' });
      await access(place, constants.W_OK | constants.X_OK);
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || place === dirname(place)) return error;
    }
  }
}
