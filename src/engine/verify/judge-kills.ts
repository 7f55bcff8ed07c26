import type { TaskId } from '../model/ids.ts';
import { isNamedBy } from '../model/pipeline/matrix.ts';
import type { Finding, TaskProof } from './verify-report.ts';

/**
 * After a kill that came too late the task has run twice: when it does not bear that, the kills are not to blame, and what
 * was found of them is taken out of `findings`.
 */
export function judgeKills(
  killed: TaskProof['killed'],
  twice: TaskProof['twice'],
  task: TaskId,
  findings: Finding[],
): TaskProof['killed'] {
  const bearsTwice = twice === 'same' || twice === 'not-tried';
  if (killed.tooLate === 0 || bearsTwice || killed.result === 'same' || killed.result === 'not-tried') return killed;
  for (let at = findings.length - 1; at >= 0; at -= 1) {
    const { proof, tasks } = findings[at]!;
    const [first] = tasks;
    if (proof === 'killed' && first !== undefined && isNamedBy(task, first)) findings.splice(at, 1);
  }
  return { ...killed, result: 'unclear' };
}
