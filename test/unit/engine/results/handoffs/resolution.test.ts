import { expect, test } from 'vitest';
import { describeSuccession } from '../../../../../src/engine/results/handoffs/resolution.ts';
import { fakeRun, resumedRun } from '../../../../support/fake-run.ts';

test('what an earlier process of a resumed run has told of a failure holds until the task has succeeded', () => {
  const run = fakeRun({ tasks: { a: {}, b: {} } });
  run.exit('a', 1);
  run.exit('b', 1);
  const resumed = resumedRun(run);
  resumed.exit('a');
  resumed.exit('b', 1);
  const state = resumed.state();
  const told = (subject: string) => ({
    handoff: 'pipeline_task_failed',
    subject,
    pipeline: 'sketch',
    run_id: state.options.run,
  });
  const again = [{ subject: 'b', document: { handoff: 'pipeline_task_failed' } }] as never;
  expect(describeSuccession(state, told('a'), again)).toBe('a succeeded in attempt 2');
  expect(describeSuccession(state, told('b'), again)).toBeUndefined();
  // Without a resume, the process itself keeps its documents true.
  expect(describeSuccession(run.state(), told('a'), [])).toBeUndefined();
});
