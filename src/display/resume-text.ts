import { type ResumeDecision, type RunEvent, whyRerun } from '../engine/index.ts';
import { nameList } from './format/name-list.ts';

type Continued = Extract<RunEvent, { type: 'run.continued' }>;

const maxNamed = 8;

/** What a resumed run does with the tasks that it had: `reused: a, b`, `re-run: c (its command changed)`; nothing about the others. */
export function resumeLines({ decisions }: Pick<Continued, 'decisions'>): readonly string[] {
  const all = Object.entries(decisions);
  const reused = all.flatMap(([task, { kind }]) => (kind === 'reused' ? [task] : []));
  const going = all.flatMap(([task, { kind }]) => (kind === 'adopted' ? [task] : []));
  const rerun = all.flatMap(([task, decision]) => (isRerun(decision) ? [`${task} (${whyRerun(decision)})`] : []));
  return [
    ...(reused.length === 0 ? [] : [`reused: ${nameList(reused, maxNamed)}`]),
    ...(going.length === 0 ? [] : [`still running: ${nameList(going, maxNamed)}`]),
    ...(rerun.length === 0 ? [] : [`re-run: ${nameList(rerun, maxNamed)}`]),
  ];
}

/** How often a run was resumed, as a clause; none when it was not. */
export function resumedText(times: number | undefined): readonly string[] {
  if (times === undefined) return [];
  return [times === 1 ? 'resumed once' : `resumed ${times} times`];
}

/** Of a task that has not run yet nothing is said. */
function isRerun({ kind }: ResumeDecision): boolean {
  return kind !== 'reused' && kind !== 'adopted' && kind !== 'not-run';
}
