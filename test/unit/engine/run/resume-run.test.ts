import { describe, expect, it } from 'vitest';
import type { Database } from '../../../../src/engine/database/database.ts';
import { ok } from '../../../../src/engine/model/result.ts';
import type { RunEvent } from '../../../../src/engine/model/run/run-event.ts';
import { openRun } from '../../../../src/engine/run/open-run.ts';
import type { RunAdapters } from '../../../../src/engine/run/parts/run-adapters.ts';
import { replay } from '../../../../src/engine/scheduler/state/replay.ts';
import { fakeRun } from '../../../support/fake-run.ts';
import { fakeAdapters, requestOf } from './fake-adapters.ts';

/** A run of `first` and `second` whose process died while `second` ran. */
function interrupted(database?: string) {
  const request = requestOf('first', 'second');
  const run = fakeRun(request.plan, database === undefined ? {} : { database });
  run.exit('first');
  const { startedWith: options, state, now } = run;
  const events: readonly RunEvent[] = run.events;
  return {
    ...request,
    resume: { run: options.run, plans: [request.plan], options, events, state: state(), stoppedAt: now() },
  } as const;
}

describe('a run that is resumed', () => {
  it('continues its journal with what the stored events give, and starts what is left', async () => {
    const fake = fakeAdapters();
    const request = interrupted();
    const opened = await openRun(request, fake.adapters);
    if (!opened.ok) throw new Error(opened.error.message);
    const run = opened.value;
    expect(run.run).toBe(request.resume.run);
    run.start();
    await run.finished;
    await run.close();
    expect(fake.started).toEqual(['second#2']);
    expect(fake.journal[0]).toMatchObject({
      type: 'run.continued',
      plan: 1,
      decisions: { first: { kind: 'reused' }, second: { kind: 'interrupted', attempt: 1 } },
    });
    const all = [...request.resume.events, ...fake.journal];
    expect(replay(request.plan, request.resume.options, all).phase).toEqual(run.state().phase);
  });

  it('first ends the sessions of the attempts that ran, by the names under which these had opened them', async () => {
    const fake = fakeAdapters();
    const named = new Set<string>();
    const ended: string[] = [];
    const adapters: RunAdapters = {
      ...fake.adapters,
      openDatabase: async (request, run) => {
        const found = await fake.adapters.openDatabase(request, run);
        if (!found.ok || found.value.database === undefined) return found;
        const database: Database = {
          ...found.value.database,
          taskEnvironment: (of, task, attempt) => {
            named.add(`${of} ${task}#${attempt}`);
            return {};
          },
          sessions: {
            endSessions: async (task, attempt) => {
              expect(fake.started).toEqual([]);
              if (named.has(`${run} ${task}#${attempt}`)) ended.push(`${task}#${attempt}`);
            },
          },
        };
        return ok({ ...found.value, database });
      },
    };
    const opened = await openRun(interrupted(), adapters);
    if (!opened.ok) throw new Error(opened.error.message);
    expect(ended).toEqual(['second#1']);
    await opened.value.close();
  });

  it('is refused where another database is named than the one that it has used', async () => {
    const fake = fakeAdapters();
    const opened = await openRun(interrupted('PostgreSQL at elsewhere'), fake.adapters);
    expect(opened).toMatchObject({ ok: false, error: { code: 'usage/cannot-resume' } });
    expect(fake.started).toEqual([]);
    expect(fake.released).toContain('release lock');
    const same = await openRun(interrupted('a database in memory'), fake.adapters);
    expect(same.ok).toBe(true);
    if (same.ok) await same.value.close();
  });
});
