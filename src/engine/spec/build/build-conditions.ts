import type { Awaited, TaskSpec, WaitFor } from '../../model/pipeline/pipeline.ts';
import { formatLimit } from '../../model/text/format-duration.ts';
import { formatDefaults } from '../format-defaults.ts';
import { type Report, reportError } from '../report-error.ts';
import { commandOf, type Shell } from '../schema/command-shape.ts';
import { durationMs } from '../schema/duration-shape.ts';
import { valueRange } from '../schema/record-shape.ts';
import type { WaitForRecord } from '../schema/sections/condition-shape.ts';
import type { TaskRecord } from '../schema/sections/task-shape.ts';

const { condition: defaults } = formatDefaults;

/** What has to hold before a task starts; its commands are given to the shell of the task. */
export function buildConditions(
  record: TaskRecord | undefined,
  shell: Shell | undefined,
  report: Report,
): Pick<TaskSpec, 'onlyIf' | 'waitFor'> {
  const { only_if: onlyIf, otherwise, wait_for: waitFor, node } = record ?? {};
  if (node !== undefined && otherwise !== undefined && !node.entries.some(({ key }) => key === 'only_if')) {
    const message = '"otherwise" has no "only_if"';
    const hint = 'add the command that decides whether the task is needed: only_if: ./is-newer';
    reportError(report, { code: 'spec/bad-value', at: valueRange(node, 'otherwise'), message, hint });
  }
  return {
    ...(onlyIf === undefined
      ? {}
      : { onlyIf: { command: commandOf(onlyIf, shell), otherwise: otherwise ?? defaults.otherwise } }),
    ...(waitFor === undefined ? {} : buildWaitFor(waitFor, shell, report)),
  };
}

function buildWaitFor(record: WaitForRecord, shell: Shell | undefined, report: Report): { readonly waitFor?: WaitFor } {
  const awaited = awaitedOf(record, shell);
  if (awaited === undefined) return {};
  const everyMs = record.every ?? durationMs(defaults.every);
  const timeoutMs = record.timeout ?? durationMs(defaults.timeout);
  if (record.every !== undefined && everyMs > timeoutMs) {
    const message = `it would be checked every ${formatLimit(everyMs)}, but the timeout is ${formatLimit(timeoutMs)}`;
    const at = valueRange(record.node, 'every');
    reportError(report, { code: 'spec/bad-value', at, message, hint: 'reduce "every" or increase "timeout"' });
  }
  return { waitFor: { for: awaited, everyMs, timeoutMs, onTimeout: record.on_timeout ?? defaults.on_timeout } };
}

/** Undefined after a mistake, which has been reported. */
function awaitedOf(
  { command, file, pipeline, params, log_dir: logDir }: WaitForRecord,
  shell: Shell | undefined,
): Awaited | undefined {
  if (command !== undefined) return { kind: 'command', command: commandOf(command, shell) };
  if (file !== undefined) return { kind: 'file', path: file.text };
  if (pipeline === undefined || params === undefined) return undefined;
  const names = params.map(({ text }) => text);
  return { kind: 'pipeline', file: pipeline, params: names, ...(logDir === undefined ? {} : { logDir }) };
}
