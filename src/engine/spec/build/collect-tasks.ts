import { formatDefaults } from '../format-defaults.ts';
import { type Report, reportError } from '../report-error.ts';
import type { Named } from '../schema/list-shapes.ts';
import type { PipelineRecord } from '../schema/pipeline-shape.ts';
import type { LocatedText } from '../schema/scalar-shapes.ts';
import type { LevelRecord, Member } from '../schema/sections/level-shape.ts';
import type { MatrixRecord } from '../schema/sections/matrix-shape.ts';
import type { TaskRecord } from '../schema/sections/task-shape.ts';
import type { SourceRange } from '../yaml/yaml-node.ts';

export type CollectedLevel = {
  readonly name: string;
  readonly at: SourceRange;
  readonly mode: 'parallel' | 'sequential';
  readonly critical: boolean;
  readonly dependencies: readonly LocatedText[];
  readonly members: readonly LocatedText[];
  readonly matrix?: MatrixRecord;
};

/** A task with its level; `record` is undefined when its definition was invalid, which has been reported. */
export type CollectedTask = {
  readonly name: string;
  readonly at: SourceRange;
  readonly record: TaskRecord | undefined;
  level?: CollectedLevel;
  /** The preceding task in a sequential level. */
  after?: string;
};

const maxLevelDependencies = 1_000_000;

/** Merges `tasks:` and the levels; tasks of levels come first, in the order of their levels. */
export function collectTasks(
  pipeline: PipelineRecord,
  report: Report,
): { readonly tasks: ReadonlyMap<string, CollectedTask>; readonly levels: readonly CollectedLevel[] } {
  const defined = new Map<string, CollectedTask>();
  for (const { name, at, value } of pipeline.tasks?.entries ?? []) defined.set(name, { name, at, record: value });
  const read = (pipeline.pipelines?.entries ?? []).flatMap((entry) => readLevel(entry, defined, report));
  const levels = boundLevelDependencies(read, report);
  const placed = new Map<string, LocatedText>();
  for (const level of levels) placeMembers(level, defined, placed, report);
  const tasks = new Map<string, CollectedTask>();
  for (const name of [...placed.keys(), ...defined.keys()]) {
    const task = defined.get(name);
    if (task !== undefined) tasks.set(name, task);
  }
  reportCaseDuplicates(tasks, report);
  return { tasks, levels };
}

/** Every task of a level gets every dependency of the level, so a small file could exceed the memory. */
function boundLevelDependencies(levels: readonly CollectedLevel[], report: Report): readonly CollectedLevel[] {
  let waits = 0;
  return levels.map((level) => {
    const own = level.members.length * level.dependencies.length;
    if (waits + own <= maxLevelDependencies) {
      waits += own;
      return level;
    }
    const counts = `${level.dependencies.length} dependencies for each of ${level.members.length} tasks`;
    const hint = 'add one task that depends on all of them, and let the level depend on this task';
    const message = `level "${level.name}" has ${counts}, which is too many`;
    reportError(report, { code: 'spec/too-large', at: level.at, message, hint });
    return { ...level, dependencies: [] };
  });
}

/** Names that differ only in case would share a log directory on case-insensitive file systems. */
function reportCaseDuplicates(tasks: ReadonlyMap<string, CollectedTask>, report: Report): void {
  const folded = new Map<string, CollectedTask>();
  for (const task of tasks.values()) {
    const key = task.name.toLowerCase();
    const first = folded.get(key);
    if (first === undefined) {
      folded.set(key, task);
      continue;
    }
    const [one, other] = first.at.start < task.at.start ? [first, task] : [task, first];
    const related = [{ message: `"${one.name}" is defined here`, at: one.at }];
    const message = `tasks "${one.name}" and "${other.name}" differ in upper and lower case only`;
    const hint = 'on some systems their logs would share one directory; rename one of them';
    reportError(report, { code: 'plan/duplicate-task', at: other.at, message, hint, related });
  }
}

function readLevel(
  entry: Named<readonly Member[] | LevelRecord>,
  defined: Map<string, CollectedTask>,
  report: Report,
): CollectedLevel[] {
  const { name, at, value } = entry;
  if (value === undefined) return [];
  const suffix = /_(parallel|sequential)$/.exec(name)?.[1] as CollectedLevel['mode'] | undefined;
  const own: Partial<LevelRecord> = isBareList(value) ? { tasks: value } : value;
  if (own.mode !== undefined && suffix !== undefined && own.mode !== suffix) {
    const hint = 'rename the level, or remove the mode';
    const message = `level "${name}" is "${suffix}" by its name, but "${own.mode}" by its mode`;
    reportError(report, { code: 'spec/bad-value', at, message, hint });
  }
  const members = (own.tasks ?? []).flatMap((member) => readMember(member, defined, report));
  const mode = own.mode ?? suffix ?? formatDefaults.level.mode;
  return [
    {
      name,
      at,
      mode,
      critical: own.critical ?? formatDefaults.level.critical,
      dependencies: own.dependencies ?? [],
      members,
      ...(own.matrix === undefined ? {} : { matrix: own.matrix }),
    },
  ];
}

function isBareList(value: readonly Member[] | LevelRecord): value is readonly Member[] {
  return Array.isArray(value);
}

/** A member is the name of a task under `tasks:`, or a task definition, which must not also be under `tasks:`. */
function readMember(member: Member, defined: Map<string, CollectedTask>, report: Report): LocatedText[] {
  if ('text' in member) return [member];
  const { name, ...record } = member;
  if (name === undefined) return [];
  const onlyName = member.node.entries.length === 1;
  const first = defined.get(name.text);
  if (onlyName && member.node.complete) return [name];
  if (first !== undefined) {
    const related = [{ message: 'it is defined here', at: first.at }];
    const message = `task "${name.text}" is defined twice`;
    const hint = 'define it once; a level can refer to a task under "tasks" by name';
    reportError(report, { code: 'plan/duplicate-task', at: name, message, hint, related });
    return [name];
  }
  if (
    record.command === undefined &&
    !member.node.entries.some(({ key }) => key === 'command') &&
    member.node.complete
  ) {
    const hint = 'add "command", or refer to a task under "tasks" by its name alone';
    reportError(report, { code: 'spec/missing-key', at: name, message: `task "${name.text}" has no "command"`, hint });
  }
  defined.set(name.text, { name: name.text, at: name, record });
  return [name];
}

function placeMembers(
  level: CollectedLevel,
  defined: ReadonlyMap<string, CollectedTask>,
  placed: Map<string, LocatedText>,
  report: Report,
): void {
  let before: string | undefined;
  for (const member of level.members) {
    const first = placed.get(member.text);
    const task = defined.get(member.text);
    if (first !== undefined) {
      const related = [{ message: 'the first time was here', at: first }];
      const message = `task "${member.text}" is in levels twice`;
      const hint = 'a task belongs to one level; use "dependencies" for more order between tasks';
      reportError(report, { code: 'plan/duplicate-task', at: member, message, hint, related });
      continue;
    }
    placed.set(member.text, member);
    if (task === undefined) continue;
    task.level = level;
    if (level.mode === 'sequential' && before !== undefined) task.after = before;
    before = member.text;
  }
}
