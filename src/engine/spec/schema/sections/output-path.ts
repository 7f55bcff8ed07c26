import { reportValue, type Shape } from '../shape.ts';
import { projectPath } from './project-path.ts';

/** A variable in front of a path, other than one that has a meaning there. */
const otherVariable = /^\$(?!ETL_RUN_DIR\/|\{matrix:)\{?[A-Za-z_]/;

/** A path in the project directory, or behind `$ETL_RUN_DIR/` in that of the run. */
export const outputPath: Shape<string> = {
  schema: { allOf: [projectPath.schema, { not: { type: 'string', pattern: otherVariable.source } }] },
  read: (node, label, report) => {
    const path = projectPath.read(node, label, report);
    if (path === undefined || !otherVariable.test(path)) return path;
    const hint = /^\$\{?ETL_RUN_DIR\b/.test(path)
      ? 'write $ETL_RUN_DIR/ and a path'
      : 'only $ETL_RUN_DIR is allowed here';
    return reportValue(report, node, `${label} may begin with $ETL_RUN_DIR/, not with "${path}"`, hint);
  },
};
