import { isPlaceholder, type LinesSource, linesKey } from './matrix.ts';
import type { Plan } from './plan.ts';

/** The files that a task which stands for its instances still needs for their values; none of any other task. */
export function unreadFilesOf(plan: Plan, index: number): readonly LinesSource[] {
  const { lines } = plan.written?.values ?? {};
  return lineSourcesOf(plan, index).filter((source) => lines?.[linesKey(source)] === undefined);
}

/** A file without lines that was to give a task its values, so that it has none. */
export function emptyFileOf(plan: Plan, index: number): LinesSource | undefined {
  const { lines } = plan.written?.values ?? {};
  return lineSourcesOf(plan, index).find((source) => lines?.[linesKey(source)]?.length === 0);
}

function lineSourcesOf({ tasks, written }: Plan, index: number): readonly LinesSource[] {
  const { instance } = tasks[index]!.spec;
  if (!isPlaceholder(instance)) return [];
  const { matrix } = written?.pipeline.tasks.find(({ id }) => id === instance?.of) ?? {};
  return (matrix?.keys ?? []).flatMap(({ source }) => (source.kind === 'lines' ? [source] : []));
}
