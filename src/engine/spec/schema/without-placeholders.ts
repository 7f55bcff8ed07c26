import { reportValue, type Shape } from './shape.ts';

/**
 * `${param:day}`, `${env:HOME}` and `${matrix:season}` of the values of `env`, and `${{ … }}` of other tools. What bash itself
 * knows of variables with these names (`${env:-prod}`, `${param:1:2}`) is none.
 */
const placeholders = /\$\{(?:\{|(?:param|env|matrix):[A-Za-z_])/;
const written = /\$\{\{[^}]*\}{0,2}|\$\{(param|env|matrix):([A-Za-z_][A-Za-z0-9_]*)[^}]*\}?/;

/** What an author wrote, and the variable of the environment in which its value is. */
export type Placeholder = {
  readonly written: string;
  readonly variable: string;
  readonly kind: 'param' | 'env' | 'matrix' | 'template';
  readonly name: string;
};

/** Refuses text in which an author expects values to be filled in where nothing is. */
export function withoutPlaceholders<Value>(
  shape: Shape<Value>,
  textOf: (value: Value) => string,
  hintOf: (placeholder: Placeholder) => string,
): Shape<Value> {
  return {
    schema: { ...shape.schema, not: { type: 'string', pattern: placeholders.source } },
    read: (node, label, report) => {
      const value = shape.read(node, label, report);
      const found = value === undefined ? undefined : placeholderIn(textOf(value));
      if (found === undefined) return value;
      return reportValue(
        report,
        node,
        `${label} has ${found.written}, but no values are filled in there`,
        hintOf(found),
      );
    },
  };
}

function placeholderIn(text: string): Placeholder | undefined {
  if (!placeholders.test(text)) return undefined;
  const [all, kind, name] = written.exec(text)!;
  // Only a parameter can be meant by a template of another tool, which says of it `params.day`, `var.day` or `day`.
  const last = name ?? /([A-Za-z_][A-Za-z0-9_]*)\W*$/.exec(all)?.[1] ?? 'name';
  switch (kind) {
    case 'env':
      return { written: all, kind, name: last, variable: last };
    case 'matrix':
      return { written: all, kind, name: last, variable: `ETL_MATRIX_${last.toUpperCase()}` };
    default:
      return {
        written: all,
        kind: kind === 'param' ? 'param' : 'template',
        name: last,
        variable: `ETL_PARAM_${last.toUpperCase()}`,
      };
  }
}
