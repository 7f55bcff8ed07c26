import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../../src/engine/model/diagnostic.ts';
import type { RunId, TaskId } from '../../../../src/engine/model/ids.ts';
import { failed, ok } from '../../../../src/engine/model/result.ts';
import { planPipeline } from '../../../../src/engine/pipeline/plan-pipeline.ts';
import { openRun } from '../../../../src/engine/run/open-run.ts';
import type { RunAdapters } from '../../../../src/engine/run/parts/run-adapters.ts';
import { fakeExecutor } from '../../../support/fake-executor.ts';
import { fakeAdapters, requestOf } from './fake-adapters.ts';

const steps = ['lockRun', 'openDatabase', 'createDirectory', 'openJournal', 'openLogs', 'openExecutor'] as const;
/** Opening the logs creates nothing, and cannot fail. */
const fallible = steps.filter((step) => step !== 'openLogs');
const releases = ['release lock', 'close database', 'close journal', 'close logs'];
/** How many of them follow from the steps before this one. */
const acquiredBefore = {
  lockRun: 0,
  openDatabase: 1,
  createDirectory: 2,
  openJournal: 2,
  openLogs: 3,
  openExecutor: 4,
};

describe('a run with fake adapters', () => {
  it('starts its tasks in order, records each event, writes its results and releases everything', async () => {
    const fake = fakeAdapters();
    const opened = await openRun(requestOf('first', 'second'), fake.adapters);
    if (!opened.ok) throw new Error(opened.error.message);
    const run = opened.value;
    const seen: string[] = [];
    run.subscribe(({ type }) => void seen.push(type));
    run.start();
    expect((await run.finished).phase).toMatchObject({ kind: 'finished', status: 'success' });
    expect(fake.started).toEqual(['first#1', 'second#1']);
    expect(fake.journal.map(({ type }) => type)).toEqual(seen);
    const { verdict, warnings, written } = await run.close();
    expect([verdict, warnings]).toEqual(['success', []]);
    expect(fake.files.toSorted()).toEqual(Object.values(written).toSorted());
    expect(fake.released).toEqual(['release lock', 'close executor', 'close logs', 'close journal', 'close database']);
  });

  it('is refused, and opens nothing, when its plan was made without the values of the parameters of a matrix', async () => {
    const text = `version: 1
name: small
params: { seasons: { default: "2023,2024" } }
tasks:
  list: { command: "true", outputs: [teams.txt] }
  load:
    command: "true"
    dependencies: [list]
    matrix: { season: "\${param:seasons}", team: { lines: teams.txt, from: list } }
`;
    const { plan } = planPipeline(text, 'pipeline.yaml');
    const fake = fakeAdapters();
    const opened = await openRun({ ...requestOf('list'), plan: plan! }, fake.adapters);
    expect(opened).toMatchObject({
      ok: false,
      error: {
        code: 'plan/bad-matrix',
        message:
          'key "season" of the matrix of task "load" has no values: the plan was made without the value of parameter "seasons"',
        at: { file: 'pipeline.yaml', line: 9 },
      },
    });
    expect([fake.started, fake.journal, fake.released]).toEqual([[], [], []]);
    // What a file is to tell is asked for as the run goes on.
    const resolved = planPipeline(text, 'pipeline.yaml', {}, undefined, undefined, () =>
      ok(new Map([['seasons', '2023,2024']])),
    );
    const other = await openRun({ ...requestOf('list'), plan: resolved.plan! }, fake.adapters);
    expect(other.ok).toBe(true);
    if (other.ok) await other.value.close();
  });

  it('writes the remaining result files when one cannot be written', async () => {
    const fake = fakeAdapters();
    const adapters: RunAdapters = {
      ...fake.adapters,
      writeFile: async (path, text) =>
        path.includes('consistency') ? failed(refusal) : fake.adapters.writeFile(path, text),
    };
    const opened = await openRun(requestOf('only'), adapters);
    if (!opened.ok) throw new Error(opened.error.message);
    opened.value.start();
    await opened.value.finished;
    const { written, warnings } = await opened.value.close();
    expect(Object.keys(written).toSorted()).toEqual(['performance', 'result']);
    expect(warnings).toEqual([refusal]);
  });

  it.each(fallible)('releases all resources when %s fails', async (step) => {
    const fake = fakeAdapters();
    const opened = await openRun(requestOf('only'), { ...fake.adapters, [step]: failing[step] });
    expect(opened).toEqual(failed(refusal));
    expect(fake.released).toEqual(releases.slice(0, acquiredBefore[step]).toReversed());
  });

  it.each(steps)('releases all resources when %s throws', async (step) => {
    const fake = fakeAdapters();
    const bug = () => {
      throw new Error('a bug');
    };
    await expect(openRun(requestOf('only'), { ...fake.adapters, [step]: bug })).rejects.toThrow('a bug');
    expect(fake.released).toEqual(releases.slice(0, acquiredBefore[step]).toReversed());
  });

  it('says of all that it starts after which time it ends when nobody is there any more who would end it', async () => {
    const pipelineText = `
version: 1
name: backstops
tasks:
  load:
    command: load
    timeout: 10m
    kill_grace: 7s
    only_if: needed
    wait_for: { command: there, every: 2m }
  usual: { command: usual, timeout: 300% }
checks: [{ name: sound, command: sound, timeout: 5m }]
`;
    const { plan, diagnostics } = planPipeline(pipelineText, 'pipeline.yaml');
    expect(diagnostics).toEqual([]);
    const backstops = new Map<string, number | undefined>();
    const executor = fakeExecutor(({ ref, backstopMs, killGraceMs }) => {
      backstops.set(ref.task, backstopMs === undefined ? undefined : backstopMs - killGraceMs);
      return { ending: { kind: 'exited', code: 0 } };
    });
    const adapters: RunAdapters = { ...fakeAdapters().adapters, openExecutor: () => ok(executor) };
    const opened = await openRun({ ...requestOf('load'), plan: plan!, pipelineText }, adapters);
    if (!opened.ok) throw new Error(opened.error.message);
    opened.value.start();
    await opened.value.finished;
    const usual = plan!.tasks[plan!.indexOf.get('usual' as TaskId)!]!.spec.timeoutMs;
    const minutes = (count: number) => count * 60_000;
    expect(Object.fromEntries(backstops)).toEqual({
      'wait_for:load': minutes(2 + 1),
      'only_if:load': minutes(10 + 1),
      load: minutes(10 + 1),
      usual: usual + minutes(1),
      'check:sound': minutes(5 + 1),
    });
  });

  it('begins nothing when nobody knows what an interrupted run has left running', async () => {
    const fake = fakeAdapters();
    const unknown = { code: 'queue/unreachable', severity: 'error', message: 'no answer', hint: 'wait' } as const;
    const adapters: RunAdapters = {
      ...fake.adapters,
      lockRun: async (request, run) => {
        const lock = await fake.adapters.lockRun(request, run);
        return lock.ok ? ok({ ...lock.value, deadRun: '20260105_070000_dead' as RunId }) : lock;
      },
      openExecutor: async (options) => {
        const executor = await fake.adapters.openExecutor(options);
        return executor.ok ? ok({ ...executor.value, adopt: async () => failed(unknown) }) : executor;
      },
    };
    expect(await openRun(requestOf('only'), adapters)).toEqual(failed(unknown));
    expect(fake.started).toEqual([]);
    expect(fake.released).toEqual(['close executor', ...releases.toReversed()]);
  });

  it('ends the leftover processes of an interrupted run before it starts a task', async () => {
    const fake = fakeAdapters();
    const warnings: Diagnostic[] = [];
    const deadRun = '20260105_070000_dead' as RunId;
    const adapters: RunAdapters = {
      ...fake.adapters,
      lockRun: async (request, run) => {
        const lock = await fake.adapters.lockRun(request, run);
        return lock.ok ? ok({ ...lock.value, deadRun }) : lock;
      },
      openExecutor: async (options) => {
        const executor = await fake.adapters.openExecutor(options);
        if (!executor.ok) return executor;
        const adopt = async (run: RunId) => {
          expect(fake.started).toEqual([]);
          return ok([{ run, task: 'load' as TaskId, attempt: 2 }]);
        };
        return ok({ ...executor.value, adopt });
      },
    };
    const opened = await openRun({ ...requestOf('only'), onWarning: (warning) => warnings.push(warning) }, adapters);
    if (!opened.ok) throw new Error(opened.error.message);
    expect(warnings).toMatchObject([
      {
        code: 'run/tasks-left-running',
        message: `run ${deadRun} was interrupted, and some of its tasks were still running: load`,
      },
    ]);
    await opened.value.close();
  });

  it('releases the other resources when one cannot be released', async () => {
    const fake = fakeAdapters();
    const warnings: Diagnostic[] = [];
    const adapters: RunAdapters = {
      ...fake.adapters,
      openLogs: (directory, onWarning) => ({
        ...fake.adapters.openLogs(directory, onWarning),
        close: () => {
          throw new Error('EIO');
        },
      }),
      openExecutor: () => failed(refusal),
    };
    await openRun({ ...requestOf('only'), onWarning: (warning) => void warnings.push(warning) }, adapters);
    expect(fake.released).toEqual(['close journal', 'close database', 'release lock']);
    expect(warnings.map(({ code }) => code)).toEqual(['run/not-closed']);
  });
});

const refusal: Diagnostic = {
  code: 'run/cannot-write',
  severity: 'error',
  message: 'refused',
  hint: 'as the test wants',
};

const failing = {
  lockRun: () => failed(refusal),
  openDatabase: async () => failed(refusal),
  createDirectory: () => failed(refusal),
  openJournal: () => failed(refusal),
  openExecutor: () => failed(refusal),
};
