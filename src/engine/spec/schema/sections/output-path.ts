import { reportValue, type Shape } from '../shape.ts';
import { projectPath } from './project-path.ts';

/** A variable in front of a path, other than one that has a meaning there. */
const otherVariable = /^\$(?!ETL_RUN_DIR\/|\{matrix:)\{?[A-Za-z_]/;
/** One farther behind; only the values of a matrix are filled in. */
const variableInside = /.\$(?:\{(?!matrix:)|[A-Za-z_])/;

/** A path in the project directory, or behind `$ETL_RUN_DIR/` in that of the run. */
export const outputPath: Shape<string> = {
  schema: {
    allOf: [
      projectPath.schema,
      ...[otherVariable, variableInside].map(({ source }) => ({ not: { type: 'string', pattern: source } })),
    ],
  },
  read: (node, label, report) => {
    const path = projectPath.read(node, label, report);
    if (path === undefined) return undefined;
    if (otherVariable.test(path)) {
      const hint = /^\$\{?ETL_RUN_DIR\b/.test(path)
        ? 'write $ETL_RUN_DIR/ and a path'
        : 'only $ETL_RUN_DIR is allowed here';
      return reportValue(report, node, `${label} may begin with $ETL_RUN_DIR/, not with "${path}"`, hint);
    }
    if (!variableInside.test(path)) return path;
    const message = `${label} has a variable in "${path}", but no values are filled in there`;
    return reportValue(
      report,
      node,
      message,
      `write a pattern, such as data/*.csv, or \${matrix:day} in a task with a matrix`,
    );
  },
};
