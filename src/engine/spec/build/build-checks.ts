import type { TaskId } from '../../model/ids.ts';
import type { CheckSpec } from '../../model/pipeline/pipeline.ts';
import { formatDefaults } from '../format-defaults.ts';
import { type Report, reportError } from '../report-error.ts';
import type { CheckRecord } from '../schema/check-shape.ts';
import { durationMs } from '../schema/duration-shape.ts';
import { valueRange } from '../schema/record-shape.ts';
import type { LocatedText } from '../schema/scalar-shapes.ts';
import { locate } from '../source.ts';

const { check: defaults } = formatDefaults;
const defaultTimeoutMs = durationMs(defaults.timeout);

/** The checks without mistakes; the mistakes of the others are reported. */
export function buildChecks(records: readonly CheckRecord[], report: Report): readonly CheckSpec[] {
  const checks: CheckSpec[] = [];
  const names = new Map<string, LocatedText>();
  for (const { fields, definition } of records) {
    const { name, after = [], gate = defaults.gate } = fields;
    if (
      gate &&
      !fields.node.entries.some(
        ({ key, value }) => key === 'after' && (value.kind !== 'list' || value.items.length > 0),
      )
    ) {
      const hint = 'name the tasks whose work it checks: after: […]';
      const message = 'a gate without "after" has nothing to hold back';
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
    checks.push({
      name: name.text,
      definition,
      after: after.map(({ text }) => text as TaskId),
      onFail: fields.on_fail ?? defaults.on_fail,
      gate,
      timeoutMs: fields.timeout ?? defaultTimeoutMs,
      at: locate(report.source, name),
    });
  }
  return checks;
}
