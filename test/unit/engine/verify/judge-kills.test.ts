import { describe, expect, it } from 'vitest';
import { judgeKills } from '../../../../src/engine/verify/judge-kills.ts';
import type { Finding, Proof, TaskProof } from '../../../../src/engine/verify/verify-report.ts';

const finding = (proof: Proof, task: string): Finding => ({
  proof,
  tasks: [task as never],
  suspects: [],
  cause: { kind: 'differs', difference: { kind: 'no-table', table: 't' } },
  follows: [],
});

function judge(killed: TaskProof['killed'], twice: TaskProof['twice']) {
  const findings = [finding('killed', 'other'), finding('killed', 'load'), finding('twice', 'load')];
  const { result } = judgeKills(killed, twice, 'load' as never, findings);
  return { result, findings: findings.map(({ proof, tasks }) => `${proof} ${tasks[0]}`) };
}

describe('a kill that came when the task had ended', () => {
  it('is not blamed for what a second run does by itself', () => {
    expect(judge({ result: 'differs', atMs: [5], tooLate: 1 }, 'differs')).toEqual({
      result: 'unclear',
      findings: ['killed other', 'twice load'],
    });
    expect(judge({ result: 'failed', atMs: [], tooLate: 1 }, 'failed').result).toBe('unclear');
  });

  it('takes nothing from what the other kills show of a task that may be run twice', () => {
    expect(judge({ result: 'differs', atMs: [5], tooLate: 1 }, 'same')).toMatchObject({ result: 'differs' });
    expect(judge({ result: 'differs', atMs: [5], tooLate: 1 }, 'not-tried').findings).toHaveLength(3);
  });
});

it('kills that all came in time are judged by themselves', () => {
  expect(judge({ result: 'differs', atMs: [5, 9], tooLate: 0 }, 'differs')).toMatchObject({ result: 'differs' });
});
