import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultKinds, transitions } from '../../../support/simulation/coverage.ts';
import { type Played, playSeeds } from '../../../support/simulation/play-seeds.ts';
import { runTrial } from '../../../support/simulation/run-trial.ts';
import type { Trial } from '../../../support/simulation/trial.ts';

const seeds = 1_000;
const kept = join(import.meta.dirname, 'regressions');

/** The real scheduler and the real runtime in a simulated world; `npm run simulate` plays more seeds. */
describe('a run whose process crashes, whose disk fails and whose tasks do what they like', () => {
  let played: Played;

  it('keeps all invariants, for every seed', async () => {
    played = await playSeeds(1, seeds);
    expect(played.failures).toEqual([]);
  }, 300_000);

  it('meets every kind of fault in at least one of a hundred seeds, and every transition', () => {
    const missing = faultKinds.filter((fault) => (played.counts.get(fault) ?? 0) < seeds / 100);
    expect(missing).toEqual([]);
    expect(transitions.filter((transition) => !played.counts.has(transition))).toEqual([]);
  });
});

describe('what a seed has found once', () => {
  const files = readdirSync(kept).filter((name) => name.endsWith('.json'));

  it.each(files.map((file) => [file.replace(/\.json$/, '').replaceAll('-', ' '), file]))('%s', async (_, file) => {
    const trial = JSON.parse(readFileSync(join(kept, file), 'utf8')) as Trial;
    expect((await runTrial(trial)).broken).toBeUndefined();
  });
});
