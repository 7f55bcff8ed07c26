import type { TaskSpec } from './pipeline.ts';
import type { Plan } from './plan.ts';

type Declared = Pick<TaskSpec, 'reuse' | 'inputs' | 'outputs' | 'runWhen' | 'setup'>;

/**
 * Whether a run looks whether it may reuse a task before it runs it: as the author of the task says, else as the run is
 * asked to for all tasks that declare what they read or write.
 * @param ofRun `RunOptions.reuse`
 */
export function isReusable(spec: Declared, ofRun: boolean | undefined): boolean {
  if (ofRun === false || spec.reuse === false || isForOneRun(spec)) return false;
  return spec.reuse === true || (ofRun === true && declaresFiles(spec));
}

/** The same of a task of a plan: one that writes the values of a matrix must promise the files that they are in. */
export function isReusableIn({ tasks, written }: Plan, index: number, ofRun: boolean | undefined): boolean {
  const { spec } = tasks[index]!;
  if (!isReusable(spec, ofRun)) return false;
  const readsOthers = ({ matrix }: TaskSpec) =>
    matrix?.keys.some(
      ({ source }) => source.kind === 'lines' && source.from === spec.id && !spec.outputs.includes(source.file),
    ) ?? false;
  return written?.pipeline.tasks.some(readsOthers) !== true;
}

/** Whether what the task was made of is kept for later runs, however this one is asked to run. */
export function isRemembered(spec: Declared): boolean {
  return !isForOneRun(spec) && spec.reuse !== false && (spec.reuse === true || declaresFiles(spec));
}

/** What is set up for a run, or runs at its end, is no work that stays. */
function isForOneRun({ runWhen, setup }: Declared): boolean {
  return runWhen !== undefined || setup !== undefined;
}

function declaresFiles({ inputs = [], outputs }: Declared): boolean {
  return inputs.length > 0 || outputs.length > 0;
}
