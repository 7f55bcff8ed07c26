import type { LocatedPath, PipelineSpec } from '../model/pipeline/pipeline.ts';
import type { PlannedCheck, PlannedTask } from '../model/pipeline/plan.ts';

/**
 * A hash that changes with everything that decides what runs: tasks, their settings, order and skips, checks, pools,
 * parameters, variables, matrices. It ignores descriptions, limits, needs, labels, SLAs, notifications and locations in the file.
 */
export function hashPlan(
  pipeline: PipelineSpec,
  tasks: readonly PlannedTask[],
  checks: readonly PlannedCheck[],
): string {
  const hash = createHash();
  for (const { spec, upstream, skip, end } of tasks) {
    const { at: _at, level: _l, description: _d, dependencies: _p, cpu: _c, memoryBytes: _m, ...rest } = spec;
    const { notify: _n, labels: _h, dir, envFiles, ...decisive } = rest;
    const ofEnd = end === undefined ? [] : [end];
    hash.add(JSON.stringify([{ ...decisive, ...pathsOf(dir, envFiles) }, upstream, skip, ...ofEnd]));
  }
  for (const { spec, after, atEnd, gates } of checks) {
    // What `before` holds back is in `gates`. Retries decide nothing about the answer.
    const { at: _at, description: _d, before: _b, retry: _r, ...decisive } = spec;
    hash.add(JSON.stringify([decisive, after, atEnd, gates]));
  }
  hash.add(JSON.stringify([[...pipeline.pools], pipeline.env, ...(pipeline.envFiles ?? []).map(({ path }) => path)]));
  for (const family of pipeline.families ?? []) hash.add(JSON.stringify(family));
  for (const { name, default: value, pattern, type, timeZone, choices } of pipeline.params) {
    const typed = type === undefined ? [] : [type, timeZone, choices];
    hash.add(JSON.stringify([name, value, pattern, ...typed]));
  }
  return hash.digest();
}

/** Without their places in the file; nothing where nothing is set, so that the hash stays what it was. */
function pathsOf(dir: LocatedPath | undefined, envFiles: readonly LocatedPath[] | undefined): object {
  return {
    ...(dir === undefined ? {} : { dir: dir.path }),
    ...(envFiles === undefined ? {} : { envFiles: envFiles.map(({ path }) => path) }),
  };
}

/** A 64-bit hash in two halves; not cryptographic, it only distinguishes plans. */
function createHash(): { add(text: string): void; digest(): string } {
  let high = 0x9e3779b9;
  let low = 0x85ebca6b;
  return {
    add: (text) => {
      for (let at = 0; at < text.length; at += 1) {
        const unit = text.charCodeAt(at);
        high = Math.imul(high ^ unit, 0x01000193);
        low = Math.imul(low + unit, 0x27d4eb2f) ^ (low >>> 15);
      }
      // A separator, so that ["ab", "c"] and ["a", "bc"] differ.
      high = Math.imul(high ^ 0x10000, 0x01000193);
      low = Math.imul(low + 0x10000, 0x27d4eb2f);
    },
    digest: () => hex(high ^ (low >>> 13)) + hex(low ^ (high >>> 11)),
  };
}

function hex(half: number): string {
  return (half >>> 0).toString(16).padStart(8, '0');
}
