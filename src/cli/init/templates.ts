/** A project that `init` writes. */
export type Template = {
  readonly name: string;
  /** For `--help`, after the name. */
  readonly about: string;
  /** Its pipeline file in the package, when that is not in the directory of the template. */
  readonly pipeline?: string;
};

/** Their files are in `templates/<name>`; those of `templates/common` are added to each. */
export const templates: readonly Template[] = [
  { name: 'minimal', about: 'shell commands and files' },
  { name: 'postgres', about: 'SQL files and the PostgreSQL that comes with etl-tui' },
  { name: 'python', about: 'Python scripts without packages' },
  { name: 'nfl', about: 'the NFL refresh on sample data', pipeline: 'etl/config/pipeline_dag.yaml' },
];
