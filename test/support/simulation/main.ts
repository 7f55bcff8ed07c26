// What scripts/simulate.mjs runs, in a process of its own.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { shrinkTrial, trialOf } from './arbitrary-trial.ts';
import { faultKinds, rareTransitions, transitions } from './coverage.ts';
import { playSeeds } from './play-seeds.ts';
import { runTrial } from './run-trial.ts';
import type { Trial } from './trial.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20000' },
    from: { type: 'string', default: '1' },
    shrink: { type: 'string' },
    trial: { type: 'string' },
    'stop-after': { type: 'string', default: 'Infinity' },
    json: { type: 'boolean', default: false },
  },
});

const shrinkingMs = 60_000;
/** So many must have met everything that can happen. */
const enoughSeeds = 5_000;
const say = (text: string) => void process.stdout.write(`${text}\n`);

if (values.shrink !== undefined) await shrink(Number(values.shrink));
else if (values.trial !== undefined) await show(JSON.parse(readFileSync(values.trial, 'utf8')) as Trial);
else await play(Number(values.from), Number(values.seeds));

async function play(from: number, most: number): Promise<void> {
  const began = performance.now();
  const { seeds, failures, counts } = await playSeeds(from, most, Number(values['stop-after']));
  const seconds = (performance.now() - began) / 1000;
  if (values.json) {
    say(JSON.stringify({ seeds, failing: failures.length, rules: [...new Set(failures.map(({ rule }) => rule))] }));
    return;
  }
  say(`${seeds} seeds from ${from} in ${seconds.toFixed(1)} s, ${Math.round(seeds / seconds)} seeds/s`);
  const all = [...faultKinds, ...transitions, ...rareTransitions];
  for (const what of all) say(`  ${(((counts.get(what) ?? 0) / seeds) * 100).toFixed(2).padStart(6)} %  ${what}`);
  const unseen = seeds < enoughSeeds ? [] : all.filter((what) => !counts.has(what));
  if (unseen.length > 0) say(`never seen: ${unseen.join(', ')}`);
  say(`${failures.length} seeds break an invariant`);
  for (const { seed, rule, about } of failures.slice(0, 10)) {
    say(`  seed ${seed}: ${rule}: ${typeof about === 'string' ? about : JSON.stringify(about)}`);
  }
  if (failures.length > 0 || unseen.length > 0) process.exitCode = 1;
}

async function shrink(seed: number): Promise<void> {
  const first = (await runTrial(trialOf(seed))).broken;
  if (first === undefined) return say(`seed ${seed} breaks no invariant`);
  const isLike = async (trial: Trial) => (await runTrial(trial)).broken?.rule === first.rule;
  const trial = await shrinkTrial(seed, isLike, shrinkingMs);
  await show(trial);
  say(JSON.stringify(trial));
}

async function show(trial: Trial): Promise<void> {
  const { broken, journal } = await runTrial(trial);
  process.stderr.write(`${journal}\n${JSON.stringify(broken, null, 2) ?? 'no invariant is broken'}\n`);
  if (broken !== undefined) process.exitCode = 1;
}
