import { formatCount } from '../../../display/format/format-count.ts';
import { nameList } from '../../../display/format/name-list.ts';
import {
  changesBetween,
  displayText,
  type FileChange,
  type FileLook,
  type InputLook,
  lookAtInputs,
  openChangeWatch,
  previewReuse,
  type RunRequest,
  type RunState,
  type TaskId,
  unfinishedAfter,
  type WhyAgain,
  whatRunsAgain,
} from '../../../engine/index.ts';
import { lookAtPipeline, type WatchedPipeline } from '../../watch/watched-pipeline.ts';
import type { LoadedPlan } from '../load-plan.ts';

/** What a change leads to: which tasks run again, and the pipeline as it is now. */
export type NextRun = { readonly again: ReadonlyMap<TaskId, WhyAgain>; readonly loaded: LoadedPlan };

/** How the pipeline is read, and told about. */
type Means = {
  /** With the selection of the call. */
  readonly read: (before?: WatchedPipeline) => WatchedPipeline;
  readonly requestOf: (loaded: LoadedPlan) => RunRequest;
  readonly tell: (line: string) => void;
  /** A path as people should see it. */
  readonly shown: (path: string) => string;
  readonly showMistakes: (watched: WatchedPipeline) => void;
};

/** Finds out, from the changes of files, what is to be run next. */
export type NextRunFinder = {
  /** To be called before a run begins: what changes from now on is looked at when it has ended. */
  begin(): Promise<void>;
  /** To be called when a run has ended; without a state it could not begin. */
  ended(state: RunState | undefined): Promise<void>;
  /** To be called when it has ended once more, because a person took it up again. */
  endedAgain(state: RunState): void;
  /** Waits until something has changed that tasks have to run again for. Undefined when `signal` is aborted. */
  find(signal: AbortSignal): Promise<NextRun | undefined>;
  /** What is watched, in words. */
  describe(): string;
  close(): void;
};

const maxNames = 3;

/** @param watched the pipeline as it was read for the first run */
export function findNextRuns(watched: WatchedPipeline, means: Means): NextRunFinder {
  let current = watched;
  /** As it was when something of it was last run. */
  let valid = watched.loaded!;
  let inputs: InputLook = { marks: new Map(), directories: [], readers: new Map() };
  /** By path, the tasks that read a file, or did while it was there. */
  let readers: InputLook['readers'] = new Map();
  /** Tasks whose inputs have changed since they were last judged, as long as the pipeline cannot be read. */
  const changed = new Set<TaskId>();
  let asked: NextRun['again'] = new Map();
  let known: FileLook | undefined;
  /** What changed while the last run was under way. */
  let during: readonly FileChange[] = [];
  let unfinished: ReadonlySet<TaskId> = new Set();
  /** The run was begun because of files that changed while the one before it ran. */
  let restless: ReadonlySet<TaskId> = new Set();
  const changes = openChangeWatch(look);

  return {
    begin: async () => {
      known = await look().catch(() => known);
    },
    ended: async (state) => {
      const atEnd = await look().catch(() => known);
      during = known === undefined || atEnd === undefined ? [] : changesBetween(known.marks, atEnd.marks);
      known = atEnd;
      unfinished = state === undefined ? new Set([...unfinished, ...asked.keys()]) : unfinishedAfter(unfinished, state);
    },
    endedAgain: (state) => {
      unfinished = unfinishedAfter(unfinished, state);
    },
    find: async (signal) => {
      const early = during.length === 0 ? undefined : await judge(during);
      const calm = early === undefined ? undefined : withoutRestless(early);
      if (calm !== undefined) {
        restless = new Set(calm.again.keys());
        return calm;
      }
      restless = new Set();
      let from: FileLook | undefined = known;
      for (;;) {
        const found = await changes.next(signal, from);
        if (signal.aborted) return undefined;
        from = undefined;
        const next = await judge(found);
        if (next !== undefined) return next;
      }
    },
    describe: () => {
      const { size } = inputs.marks;
      const files =
        current.files.length === 1 ? 'the pipeline file' : formatCount(current.files.length, 'pipeline file');
      return size === 0 ? `${files} (no task has an input that exists)` : `${formatCount(size, 'input')} and ${files}`;
    },
    close: changes.close,
  };

  async function look(): Promise<FileLook> {
    const pipeline = await lookAtPipeline(current, () => means.read(current));
    inputs = await lookAtInputs({ plan: valid.plan, projectDir: valid.found.projectDir });
    readers = new Map([...readers, ...inputs.readers]);
    return {
      marks: new Map([...pipeline.marks, ...inputs.marks]),
      directories: [...pipeline.directories, ...inputs.directories],
    };
  }

  async function judge(found: readonly FileChange[]): Promise<NextRun | undefined> {
    const read = means.read(current);
    const isNew = JSON.stringify(read.diagnostics) !== JSON.stringify(current.diagnostics);
    current = read;
    const { loaded } = read;
    for (const { path } of found) for (const task of readers.get(path) ?? []) changed.add(task);
    if (isNew) means.showMistakes(read);
    if (loaded === undefined) return undefined;
    const previews = await previewReuse({ ...means.requestOf(loaded), reuse: true });
    const again = whatRunsAgain(valid.plan, loaded.plan, changed, previews, unfinished);
    valid = loaded;
    changed.clear();
    const seen = found
      .filter(({ path }) => path !== '')
      .map(({ path, how }) => `${means.shown(path)} ${how === 'changed' ? 'has changed' : `is ${how}`}`);
    const what = nameList(seen, maxNames);
    if (again.size === 0) {
      if (what !== '') means.tell(displayText(`${what}: nothing has to run again`));
      return undefined;
    }
    asked = again;
    const names = nameList([...again.keys()], maxNames);
    const run = again.size === 1 ? 'what is downstream of it runs again' : 'what is downstream of them run again';
    means.tell(displayText(`${what === '' ? '' : `${what}: `}${names} and ${run}`));
    return { again, loaded };
  }

  /** A task that changes what it reads would run for ever. */
  function withoutRestless({ again, loaded }: NextRun): NextRun | undefined {
    const own = [...again].filter(([task, why]) => why === 'inputs' && restless.has(task)).map(([task]) => task);
    if (own.length > 0)
      means.tell(
        displayText(`${nameList(own, maxNames)}: its inputs change whenever it runs; it is not run again for that`),
      );
    const others = new Map([...again].filter(([task]) => !own.includes(task)));
    return others.size === 0 ? undefined : { again: others, loaded };
  }
}
