import type { TaskId } from '../../model/ids.ts';
import type { CheckDefinition, CheckSpec, ColumnRef } from '../../model/pipeline.ts';
import { formatDefaults } from '../format-defaults.ts';
import { type Report, reportError } from '../report.ts';
import type { CheckRecord } from '../schema/check-shape.ts';
import { durationMs } from '../schema/duration-shape.ts';
import { valueRange } from '../schema/record-shape.ts';
import type { LocatedText } from '../schema/scalar-shapes.ts';
import { locate } from '../source.ts';

const { check: defaults } = formatDefaults;
const defaultTimeoutMs = durationMs(defaults.timeout);

/** Checks whose question could not be read are left out; their mistakes have been reported. */
export function buildChecks(records: readonly CheckRecord[], report: Report): readonly CheckSpec[] {
  const checks: CheckSpec[] = [];
  const names = new Map<string, LocatedText>();
  for (const check of records) {
    const { fields } = check;
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
    const question = buildQuestion(check);
    if (question === undefined) continue;
    checks.push({
      name: name.text,
      definition: question,
      after: after.map(({ text }) => text as TaskId),
      onFail: fields.on_fail ?? defaults.on_fail,
      gate,
      timeoutMs: fields.timeout ?? defaultTimeoutMs,
      at: locate(report.source, name),
    });
  }
  return checks;
}

function buildQuestion(check: CheckRecord): CheckDefinition | undefined {
  switch (check.kind) {
    case 'references': {
      const { child, parent } = check.fields;
      if (child === undefined || parent === undefined) return undefined;
      return { kind: 'references', child: splitColumn(child), parent: splitColumn(parent) };
    }
    case 'unique': {
      const { table, columns } = check.fields;
      return table === undefined || columns === undefined ? undefined : { kind: 'unique', table, columns };
    }
    case 'same_count': {
      const { left, right } = check.fields;
      return left === undefined || right === undefined ? undefined : { kind: 'same_count', left, right };
    }
    case 'freshness': {
      const { column, max_age: maxAgeMs } = check.fields;
      if (column === undefined || maxAgeMs === undefined) return undefined;
      return { kind: 'freshness', column: splitColumn(column), maxAgeMs };
    }
    case 'sql': {
      const { sql, expect = defaults.expect } = check.fields;
      return sql === undefined ? undefined : { kind: 'sql', sql, expect };
    }
  }
}

function splitColumn(path: string): ColumnRef {
  const dot = path.lastIndexOf('.');
  return { table: path.slice(0, dot), column: path.slice(dot + 1) };
}
