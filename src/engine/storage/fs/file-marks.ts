import type { BigIntStats } from 'node:fs';

/**
 * The marks by which the file system tells that a file has changed. One that is written once more gets another time of
 * change, also where a program sets the time of its content back (`wget`, `cp -p`, `tar`); one that is put in its place is
 * another file.
 */
export function marksOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;
}

/** File times have a resolution of up to 10 ms; on some file systems, of two seconds. */
const tickMs = 20;
const coarseTickMs = 2_000;

/**
 * How long, from `now` on, a further change of the file would leave its marks as they are: what was written a moment ago and
 * is written again within the same tick looks untouched.
 */
export function restOfTick({ ctimeMs, ctimeNs, mtimeNs }: BigIntStats, now: number): number {
  const ageMs = now - Number(ctimeMs);
  const isCoarse = (ctimeNs % 1_000_000_000n) + (mtimeNs % 1_000_000_000n) === 0n;
  const tick = isCoarse ? coarseTickMs : tickMs;
  return ageMs >= 0 && ageMs < tick ? tick - ageMs : 0;
}
