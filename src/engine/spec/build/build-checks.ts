import type { TaskId } from '../../model/ids.ts';
import type { CheckDefinition, CheckSpec, Retries } from '../../model/pipeline/pipeline.ts';
import { formatDefaults } from '../format-defaults.ts';
import { type Report, reportError } from '../report-error.ts';
import type { CheckRecord } from '../schema/checks/check-kinds.ts';
import type { Shell } from '../schema/command-shape.ts';
import { durationMs } from '../schema/duration-shape.ts';
import { valueRange } from '../schema/record-shape.ts';
import type { LocatedText } from '../schema/scalar-shapes.ts';
import { locate } from '../source.ts';
import type { YamlMap } from '../yaml/yaml-node.ts';
import { mergeRetries, usualDelays } from './build-task.ts';

const { check: defaults } = formatDefaults;
const defaultTimeoutMs = durationMs(defaults.timeout);

/** The retries of a check that does not set them. */
export const usualCheckRetries: Retries = { retries: defaults.retries, ...usualDelays };

/**
 * The checks without mistakes; the mistakes of the others are reported.
 * @param shell what the texts of commands are given to
 */
export function buildChecks(
  records: readonly CheckRecord[],
  shell: Shell | undefined,
  report: Report,
): readonly CheckSpec[] {
  const checks: CheckSpec[] = [];
  const names = new Map<string, LocatedText>();
  for (const { fields, definition } of records) {
    const { name, description, after = [], before = [], gate = defaults.gate } = fields;
    if (gate === true && !isGiven(fields.node, 'after')) {
      const hint = 'list the tasks whose data it checks (after: […]) or the tasks that wait for it (gate: […])';
      const message = '"gate: true" needs "after"';
      reportError(report, { code: 'spec/bad-value', at: valueRange(fields.node, 'gate'), message, hint });
    }
    const first = name === undefined ? undefined : names.get(name.text);
    if (name === undefined) continue;
    if (first !== undefined) {
      const related = [{ message: 'the first one is here', at: first }];
      reportError(report, {
        code: 'spec/bad-value',
        at: name,
        message: `check "${name.text}" is defined twice`,
        related,
      });
      continue;
    }
    names.set(name.text, name);
    if (definition === undefined) continue;
    const heldBack = [...before, ...(typeof gate === 'boolean' ? [] : gate)].map(({ text }) => text as TaskId);
    checks.push({
      name: name.text,
      ...(description === undefined ? {} : { description }),
      definition: inShell(definition, shell),
      after: after.map(({ text }) => text as TaskId),
      before: [...new Set(heldBack)],
      onFail: fields.on_fail ?? defaults.on_fail,
      gate: gate === true,
      timeoutMs: fields.timeout ?? defaultTimeoutMs,
      retry: mergeRetries(fields, usualCheckRetries, report),
      at: locate(report.source, name),
    });
  }
  return checks;
}

function inShell(definition: CheckDefinition, shell: Shell | undefined): CheckDefinition {
  if (shell === undefined || definition.kind !== 'command' || definition.command.kind !== 'shell') return definition;
  return { ...definition, command: { ...definition.command, shell } };
}

/** Whether a key is there, and not as an empty list. */
function isGiven({ entries }: YamlMap, wanted: string): boolean {
  return entries.some(({ key, value }) => key === wanted && (value.kind !== 'list' || value.items.length > 0));
}
