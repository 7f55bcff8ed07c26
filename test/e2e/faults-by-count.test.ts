import { appendFileSync } from 'node:fs';
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allFaults, describeFault, spreadFaults } from '../support/faults/all-faults.ts';
import { type CallKind, type Fault, type FaultyRun, runWithFault } from '../support/faults/small-run.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

/** `npm run faults` tries every call; else a few of each kind are tried. */
const triesAll = process.env['ETL_TUI_TEST_FAULTS'] !== undefined;
const atOnce = 3;

let database: TestDatabase;
let undisturbed: FaultyRun;
beforeAll(async () => {
  database = await createTestDatabase();
  undisturbed = await runWithFault(database.url);
});
afterAll(() => database.close());

describe('a run of which one call of the system fails, or that and all calls after it', () => {
  test('is right without any', () => {
    expect(undisturbed).toMatchObject({ code: 0, failed: [], problems: [] });
    for (const count of Object.values(undisturbed.counts)) expect(count).toBeGreaterThan(0);
  });

  test(
    'ends in time, with a true exit code, and loses nothing',
    async () => {
      const faults = triesAll ? wanted(allFaults(undisturbed.counts)) : spreadFaults(undisturbed.counts);
      const wrong = await tryAll(faults);
      expect(wrong).toEqual([]);
    },
    triesAll ? 7_200_000 : 300_000,
  );
});

/** `ETL_TUI_TEST_FAULTS` may name some: `open`, or `open:EMFILE`. */
function wanted(faults: readonly Fault[]): readonly Fault[] {
  const names = (process.env['ETL_TUI_TEST_FAULTS'] ?? '').split(',');
  if (names.includes('all')) return faults;
  return faults.filter(({ kind, error, at }) =>
    names.some((name) => [kind, `${kind}:${error}`, `${kind}:${error}:${at}`].includes(name)),
  );
}

/** Always in the same order, in which neighbours lie far apart: whoever stops early has seen something of everything. */
function shuffled(faults: readonly Fault[]): readonly Fault[] {
  const place = (index: number) => (index * 0.618034) % 1;
  return faults
    .map((_, index) => index)
    .sort((one, other) => place(one) - place(other))
    .map((index) => faults[index]!);
}

/** A line for whoever tries all of them, which takes long. */
function note(line: string): void {
  const path = process.env['ETL_TUI_TEST_FAULTS_LOG'];
  if (path !== undefined) appendFileSync(path, `${line}\n`);
}

/** What was wrong, by fault. */
async function tryAll(faults: readonly Fault[]): Promise<readonly string[]> {
  const limit = pLimit(atOnce);
  note(`calls of a run: ${JSON.stringify(undisturbed.counts)}`);
  const wrong: string[] = [];
  const tried = new Map<CallKind, number>();
  await Promise.all(
    shuffled(faults).map((fault) =>
      limit(async () => {
        const { failed, problems, code, tookMs } = await runWithFault(database.url, fault);
        if (failed.length > 0) tried.set(fault.kind, (tried.get(fault.kind) ?? 0) + 1);
        note(`${describeFault(fault)}: ${code} after ${Math.round(tookMs)} ms`);
        if (problems.length === 0) return;
        wrong.push([describeFault(fault), ...failed.slice(0, 1), ...problems].join('\n  '));
        note(`wrong: ${wrong.at(-1)}`);
      }),
    ),
  );
  note(`calls that failed: ${JSON.stringify(Object.fromEntries(tried))}; wrong: ${wrong.length}`);
  return wrong;
}
