import type { Diagnostic } from '../../model/diagnostic.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { type Handoff, handoffName } from '../../results/handoffs/handoff-document.ts';
import { describeResolution, describeSuccession } from '../../results/handoffs/resolution.ts';
import type { closeHandoff, writeHandoff } from '../../storage/handoffs/handoff-files.ts';
import type { listHandoffs } from '../../storage/handoffs/list-handoffs.ts';

/** The files of hand-offs; a test passes its own. */
export type HandoffStore = {
  readonly write: typeof writeHandoff;
  readonly close: typeof closeHandoff;
  readonly list: typeof listHandoffs;
};

/** Keeps the hand-off files of a pipeline true, each time that a run of it ends. */
export type HandoffKeeper = {
  /**
   * Writes `handoffs`, masked, and closes what this run or an earlier one has written and holds no longer. Returns the path
   * of each file by the name of its hand-off.
   */
  update(handoffs: readonly Handoff[], state: RunState): Promise<ReadonlyMap<string, string>>;
};

type Kept = { readonly handoff: Handoff; readonly content: string; readonly createdAt: string; readonly path?: string };

/** @param directory absolute; @param onWarning called when a file cannot be written or closed */
export function createHandoffKeeper(
  directory: string,
  store: HandoffStore,
  onWarning: (warning: Diagnostic) => void,
): HandoffKeeper {
  const kept = new Map<string, Kept>();

  const write = async (name: string, handoff: Handoff) => {
    const before = kept.get(name);
    const { created_at: now, ...rest } = handoff.document;
    const content = JSON.stringify(rest);
    // The same failure as before: somebody may have closed it meanwhile.
    if (before?.content === content && before.path !== undefined) return;
    const createdAt = before?.createdAt ?? now;
    const written = await store.write(directory, name, withTimes(handoff, createdAt));
    if (!written.ok) onWarning({ ...written.error, severity: 'warning' });
    kept.set(name, { handoff, content, createdAt, ...(written.ok ? { path: written.value } : {}) });
  };

  const close = async (name: string, note: string, state: RunState) => {
    const closing = { at: new Date(state.finishedAt ?? Date.now()).toISOString(), by: 'etl-tui', note };
    const closed = await store.close(directory, name, closing);
    // Somebody may have closed it before.
    if (!closed.ok && closed.error.code !== 'handoff/unknown') onWarning({ ...closed.error, severity: 'warning' });
  };

  /** Without a word about files that are not ours, or cannot be read. */
  const closeEarlier = async (handoffs: readonly Handoff[], state: RunState) => {
    for (const { name, subject, document } of (await store.list(directory, ['active'])).handoffs) {
      if (subject === undefined) continue;
      const { handoff, pipeline, run_id } = document;
      const note = describeSuccession(state, { handoff, subject, pipeline, run_id }, handoffs);
      if (note !== undefined) await close(name, note, state);
    }
  };

  return {
    update: async (handoffs, state) => {
      const current = new Map(handoffs.map((handoff) => [handoffName(handoff), handoff]));
      for (const [name, { handoff, path }] of [...kept]) {
        if (current.has(name)) continue;
        kept.delete(name);
        if (path !== undefined)
          await close(name, describeResolution(state, handoff.document.handoff, handoff.subject), state);
      }
      for (const [name, handoff] of current) await write(name, handoff);
      await closeEarlier(handoffs, state);
      return new Map([...kept].flatMap(([name, { path }]) => (path === undefined ? [] : [[name, path] as const])));
    },
  };
}

/** Of a document that is written again, the time of the first writing stays. */
function withTimes({ document }: Handoff, createdAt: string): Readonly<Record<string, unknown>> {
  if (document.created_at === createdAt) return document;
  const fields = Object.entries(document).flatMap(([key, value]) =>
    key === 'created_at'
      ? [
          [key, createdAt],
          ['updated_at', value],
        ]
      : [[key, value]],
  );
  return Object.fromEntries(fields);
}
