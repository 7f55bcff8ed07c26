import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EpochMs, RunId } from '../../../src/engine/model/ids.ts';
import { listRuns } from '../../../src/engine/runs/list-runs.ts';
import { reportRun } from '../../../src/engine/runs/report-run.ts';
import { projectRoot } from '../../support/project-root.ts';
import { freshLogDir } from './store-run.ts';

/** Log directories as earlier versions wrote them, oldest first, and what those versions wrote into the results. */
const directory = join(projectRoot, 'test/support/earlier-journals');
const versions = readdirSync(directory).toSorted();
const now = Date.now() as EpochMs;

describe.each(versions)('a run of the earlier version %s', (version) => {
  it('is told from its journal as that version told it', async () => {
    const logDir = freshLogDir();
    cpSync(join(directory, version, 'runs'), join(logDir, 'runs'), { recursive: true });
    const [run] = readdirSync(join(logDir, 'runs')) as [RunId];
    const report = await reportRun(logDir, run, now);
    if (!report.ok) throw new Error(report.error.message);
    const { status, result, notices } = report.value;
    const told = result.results.map(({ task, status: how, attempts, rows }) => ({ task, status: how, attempts, rows }));
    const expected = JSON.parse(readFileSync(join(directory, version, 'expected.json'), 'utf8')) as object;
    expect({ status, duration: result.total_duration_seconds, tasks: told }).toEqual(expected);
    expect(notices.map(({ code }) => code)).toEqual(['run/no-result']);
    expect(await listRuns(logDir, 1, now)).toMatchObject([{ run, status: 'failed', pipeline: 'earlier', tasks: 8 }]);
  });
});
