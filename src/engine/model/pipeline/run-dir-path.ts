/** The variable in which tasks find the directory of their run, where they leave files for each other. */
export const runDirVariable = 'ETL_RUN_DIR';

const prefix = `$${runDirVariable}/`;

/** The rest of a path that begins with `$ETL_RUN_DIR/`; undefined for one that is relative to the project directory. */
export function pathInRunDir(path: string): string | undefined {
  return path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
}

/** The path as it is written in a pipeline file. */
export function fromRunDir(rest: string): string {
  return `${prefix}${rest}`;
}
