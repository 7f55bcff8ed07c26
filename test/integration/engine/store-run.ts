import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { EpochMs, RunId } from '../../../src/engine/model/ids.ts';
import type { RunOptions, Selection } from '../../../src/engine/model/pipeline/plan.ts';
import { planPipeline } from '../../../src/engine/pipeline/plan-pipeline.ts';
import { openJournal } from '../../../src/engine/storage/journal/journal.ts';
import { createRunDirectory } from '../../../src/engine/storage/runs/run-directory.ts';
import { encodePipeline } from '../../../src/engine/storage/runs/stored-pipeline.ts';
import { type FakeRun, fakeRun } from '../../support/fake-run.ts';

export function freshLogDir(): string {
  const path = mkdtempSync(join(tmpdir(), 'etl-tui-kept-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A run whose world the test plays, written as a real one is. */
export async function storeRun(
  logDir: string,
  text: string,
  play: (run: FakeRun) => void,
  more: {
    readonly run?: string;
    readonly selection?: Selection;
    readonly options?: Partial<RunOptions>;
    /** By how much everything happened later than at noon. */
    readonly laterMs?: number;
    /** Another process that goes on with it. */
    readonly resume?: (run: FakeRun) => Pick<FakeRun, 'journal'>;
  } = {},
): Promise<FakeRun> {
  const run = (more.run ?? '20260105_120000_test') as RunId;
  const { plan, diagnostics } = planPipeline(text, 'pipeline.yaml', more.selection);
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const played = fakeRun(plan, { ...more.options, run });
  play(played);
  const last = more.resume?.(played) ?? played;
  const stored = encodePipeline(plan);
  const paths = createRunDirectory({ logDir, run, pipeline: { text, stored, planHash: plan.hash } });
  const journal = paths.ok ? openJournal(paths.value.journal) : paths;
  if (!journal.ok) throw new Error(journal.error.message);
  await journal.value.append(
    last.journal().map((event) => ({ ...event, at: (event.at + (more.laterMs ?? 0)) as EpochMs })),
  );
  await journal.value.close();
  return played;
}
