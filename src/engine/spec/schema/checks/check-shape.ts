import type { CheckDefinition } from '../../../model/pipeline/pipeline.ts';
import { type Report, reportError } from '../../report-error.ts';
import type { YamlMap } from '../../yaml/yaml-node.ts';
import { listOf } from '../list-shapes.ts';
import { oneOf } from '../scalar-shapes.ts';
import { reportType, type Shape } from '../shape.ts';
import { type CheckRecord, checkKinds } from './check-kinds.ts';

type CheckKind = CheckDefinition['kind'];

const kinds = Object.keys(checkKinds) as [CheckKind, ...CheckKind[]];
const anyKind = oneOf(kinds);

/** The kinds that need no `kind`, because a key of theirs says it. */
const kindsByKey = ['sql', 'command'] as const satisfies readonly CheckKind[];

/** A check of any kind; one without a `kind` is of the kind that its key `sql` or `command` says. */
const check: Shape<CheckRecord> = {
  schema: {
    anyOf: kinds.map((kind) => {
      const { schema } = checkKinds[kind];
      const required = schema['required'] as readonly string[];
      const isNamed = !kindsByKey.some((key) => key === kind);
      return { ...schema, required: isNamed ? ['kind', ...required] : required };
    }),
  },
  read: (node, label, report) => {
    if (node.kind !== 'map') return reportType(report, node, label, 'a mapping of keys and values');
    const kind = kindOf(node, report);
    return kind === undefined ? undefined : checkKinds[kind].read(node, checkLabel(node), report);
  },
};

export const checks = listOf(check, { wanted: 'a list of checks', each: 'each check' });

function kindOf(node: YamlMap, report: Report): CheckKind | undefined {
  const given = node.entries.find((entry) => entry.key === 'kind');
  if (given !== undefined) return anyKind.read(given.value, '"kind"', report);
  const said = kindsByKey.find((kind) => node.entries.some((entry) => entry.key === kind));
  if (said !== undefined) return said;
  if (!node.complete) return undefined;
  const at = node.entries[0]?.at ?? { start: node.start, end: node.start + 1 };
  const hint = `one of: ${kinds.join(', ')}`;
  reportError(report, { code: 'spec/missing-key', at, message: `${checkLabel(node)} has no "kind"`, hint });
  return undefined;
}

function checkLabel(node: YamlMap): string {
  const name = node.entries.find((entry) => entry.key === 'name')?.value;
  return name?.kind === 'scalar' ? `check "${name.text}"` : 'a check';
}
