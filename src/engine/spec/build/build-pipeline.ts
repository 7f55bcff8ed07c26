import type { LevelId, TaskId } from '../../model/ids.ts';
import type { Limits, PipelineSpec } from '../../model/pipeline/pipeline.ts';
import type { SpecCompleteness, SpecLocations } from '../../model/pipeline/spec-locations.ts';
import { formatDefaults } from '../format-defaults.ts';
import type { Report } from '../report-error.ts';
import { shellOf } from '../schema/command-shape.ts';
import type { PipelineRecord } from '../schema/pipeline-shape.ts';
import { sizeBytes } from '../schema/size-shape.ts';
import { buildChecks } from './build-checks.ts';
import { buildHandoffs, buildNotifications } from './build-handoffs.ts';
import { checkMatrices, matrixParams } from './build-matrix.ts';
import { buildParams } from './build-params.ts';
import { buildRequests, type NamesOfFile } from './build-requests.ts';
import { buildRetention } from './build-retention.ts';
import { buildSlas } from './build-slas.ts';
import { buildDefaults, buildEnv, buildEnvFiles, buildTask } from './build-task.ts';
import { createReferenceCheck } from './check-references.ts';
import { type CollectedLevel, type CollectedTask, collectTasks } from './collect-tasks.ts';
import { buildLocations } from './spec-locations.ts';

/** The valid parts of a pipeline file; it may run only when no mistake was reported. */
export type PartialSpec = {
  readonly spec: PipelineSpec;
  readonly locations: SpecLocations;
  readonly completeness: SpecCompleteness;
};

/** Fills in defaults, adds the settings of levels to their tasks, and validates what depends on more than one key. */
export function buildPipeline(record: PipelineRecord, report: Report): PartialSpec {
  const { tasks, levels } = collectTasks(record, report);
  const completeness = completenessOf(record);
  const shell = record.shell === undefined ? undefined : shellOf(record.shell);
  const defaults = buildDefaults(record.defaults, shell, report);
  const check = createReferenceCheck(record, report);
  check.env(record.env);
  for (const { record: task } of tasks.values()) {
    check.env(task?.env);
    check.text(task?.wait_for?.file);
    check.params(task?.wait_for?.params);
  }
  checkMatrices(tasks, record, report);
  const spec: PipelineSpec = {
    name: record.name ?? baseName(report.source.file),
    file: report.source.file,
    params: buildParams(record.params, report, matrixParams(tasks)),
    env: buildEnv(record.env),
    ...buildEnvFiles(record.env_file, report),
    secrets: (record.secrets ?? []).map(({ text }) => text),
    limits: buildLimits(record.limits),
    pools: new Map((record.pools?.entries ?? []).map(({ name, value }) => [name, value ?? 1])),
    tasks: [...tasks.values()].map((task) => buildTask(task, defaults, report)),
    levels: levels.map(({ name, mode, critical, members }) => ({
      id: name as LevelId,
      mode,
      critical,
      tasks: members.map(({ text }) => text as TaskId),
    })),
    checks: buildChecks(record.checks ?? [], shell, report),
    slas: buildSlas(record.slas),
    ...buildHandoffs(record.handoffs),
    ...buildNotifications(record.notify, shell, report),
    ...buildRequests(record.requests, namesOf(record, completeness, tasks, levels), report),
    ...buildRetention(record.retention),
    ...(record.verify?.ignore === undefined ? {} : { verify: { ignore: record.verify.ignore } }),
  };
  return { spec, locations: buildLocations(record, tasks, levels, report.source), completeness };
}

function completenessOf(record: PipelineRecord): SpecCompleteness {
  const { complete, entries } = record.node;
  const hidden = (key: 'tasks' | 'pipelines' | 'pools') =>
    !complete || (record[key] === undefined ? entries.some((entry) => entry.key === key) : !record[key].complete);
  const levelsRead = record.pipelines?.entries.every(({ value }) => value !== undefined) ?? true;
  return {
    // A level may define tasks, so an invalid level may hide some.
    tasks: !hidden('tasks') && !hidden('pipelines') && levelsRead,
    levels: !hidden('pipelines') && levelsRead,
    pools: !hidden('pools'),
  };
}

function namesOf(
  record: PipelineRecord,
  completeness: SpecCompleteness,
  tasks: ReadonlyMap<string, CollectedTask>,
  levels: readonly CollectedLevel[],
): NamesOfFile {
  const { complete, entries } = record.node;
  const isRead = (key: 'checks' | 'params') =>
    complete && (record[key] !== undefined || !entries.some((entry) => entry.key === key));
  const list = entries.find(({ key }) => key === 'checks')?.value;
  return {
    tasks: completeness.tasks ? new Set(tasks.keys()) : undefined,
    levels: completeness.levels ? new Set(levels.map(({ name }) => name)) : undefined,
    checks:
      isRead('checks') && (list?.kind !== 'list' || list.items.length === record.checks?.length)
        ? new Set(record.checks?.map(({ fields }) => fields.name?.text ?? ''))
        : undefined,
    params:
      isRead('params') && record.params?.complete !== false
        ? new Set(record.params?.entries.map(({ name }) => name))
        : undefined,
  };
}

function buildLimits(limits: PipelineRecord['limits']): Limits {
  const { limits: defaults } = formatDefaults;
  return {
    maxParallel: limits?.max_parallel ?? defaults.max_parallel,
    cpu: limits?.cpu ?? defaults.cpu,
    memory: limits?.memory ?? defaults.memory,
    dbConnections: limits?.db_connections ?? defaults.db_connections,
    diskFreeBytes: limits?.disk_free ?? sizeBytes(defaults.disk_free),
    ...(limits?.run === undefined ? {} : { runMs: limits.run }),
  };
}

function baseName(file: string): string {
  return file.replace(/^.*[\\/]/, '').replace(/\.ya?ml$/i, '') || 'pipeline';
}
