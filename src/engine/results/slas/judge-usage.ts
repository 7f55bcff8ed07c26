import type { ShareBand } from '../../model/pipeline/pipeline.ts';
import { formatShare, formatSize } from '../../model/text/format-size.ts';
import { type Finding, notMeasured, rounded, shareText } from './sla-judgement.ts';
import type { Usage } from './usage-meter.ts';

/** How far a run is, for what is judged at its end. */
export type Stage = {
  readonly isOver: boolean;
  /** Whether the greater part of the run is behind it. */
  readonly isPastHalf: boolean;
};

/** Of fewer samples a mean says nothing; that is about two seconds. */
const minSamples = 3;
/** A use of this share of the limit is close to it. */
const closeShare = 0.95;

/** The mean use of the processors while tasks ran. */
export function judgeCpu({ cpu, samples }: Usage, { min, max }: ShareBand, stage: Stage): Finding {
  const wanted = min === undefined ? `at most ${formatShare(max)}` : `${formatShare(min)} to ${formatShare(max)}`;
  return judgeMean(cpu, samples, stage, (mean) => ({
    isMet: mean <= max && mean >= (min ?? 0),
    message: `${shareText(mean, min ?? max, max)} of the CPU on average while tasks ran, limit ${wanted}`,
  }));
}

/** The mean of what all disks together read and wrote a second while tasks ran. */
export function judgeDiskRate({ diskBytes, samples }: Usage, most: number, stage: Stage): Finding {
  return judgeMean(diskBytes, samples, stage, (mean) => ({
    isMet: mean <= most,
    message: `${formatSize(mean)} per second on average while tasks ran, limit ${formatSize(most)}`,
  }));
}

/** The mean share of the time in which something waited for a disk while tasks ran. */
export function judgeDiskWait({ diskWait, samples }: Usage, most: number, stage: Stage): Finding {
  return judgeMean(diskWait, samples, stage, (mean) => ({
    isMet: mean <= most,
    message: `waits for a disk ${shareText(mean, most)} of the time while tasks ran, limit ${formatShare(most)}`,
  }));
}

/** The highest share of the memory that was seen in use. */
export function judgeMemory({ memory }: Usage, most: number, stage: Stage): Finding {
  if (memory === undefined) return unknown(0, stage);
  return judgePeak(memory, most, stage, `${shareText(memory.peak, most)} of the memory at most`);
}

/** The highest number of connections that were seen open, those of others included. */
export function judgeConnections({ connections, samples }: Usage, most: number, stage: Stage): Finding {
  if (connections === undefined) return unknown(samples, stage, 'the database connections were not measured');
  const { most: used, limit, peak } = connections;
  return judgePeak(connections, most, stage, `${used} of ${limit} connections at most (${shareText(peak, most)})`);
}

function judgeMean(
  mean: number | undefined,
  samples: number,
  stage: Stage,
  judge: (mean: number) => { readonly isMet: boolean; readonly message: string },
): Finding {
  if (mean === undefined || samples < minSamples) return unknown(samples, stage);
  const { isMet, message } = judge(mean);
  const measured = rounded(mean);
  if (stage.isOver) return { status: isMet ? 'met' : 'missed', measured, message };
  return { status: isMet || !stage.isPastHalf ? 'open' : 'at-risk', measured, message };
}

function judgePeak(
  { peak, latest }: NonNullable<Usage['memory']>,
  most: number,
  { isOver }: Stage,
  what: string,
): Finding {
  const isMissed = rounded(peak) > most;
  const isClose = latest >= closeShare * most;
  const status = isMissed ? 'missed' : isOver ? 'met' : isClose ? 'at-risk' : 'open';
  return { status, measured: rounded(peak), message: `${what}, limit ${formatShare(most)}` };
}

function unknown(samples: number, { isOver }: Stage, why = 'not available on this machine'): Finding {
  if (!isOver) return { status: 'open', message: 'not measured yet' };
  return notMeasured(samples < minSamples ? 'the run was too short to measure' : why);
}
