import { describe, expect, it } from 'vitest';
import { type FakeRun, fakeRun } from '../../../../support/fake-run.ts';
import { judgedSla, recordOf } from './judged.ts';

const start = (): FakeRun => fakeRun({ tasks: { a: {}, b: {} }, slas: { successRate: 0.95 } });

/** One record a letter: s succeeded, f failed, c cancelled. */
function pastOf(letters: string) {
  const status = { s: 'success', f: 'failed', c: 'cancelled' } as const;
  return [...letters].map((letter) => recordOf(['a', 'b'], { status: status[letter as keyof typeof status] }));
}

describe('the success rate', () => {
  it('is the share of the last 20 runs that succeeded, this one included', () => {
    const run = start();
    run.exit('a');
    run.exit('b');
    expect(judgedSla(run, 'success_rate', { past: pastOf(`fff${'s'.repeat(18)}f`) })).toBe(
      'met: 19 of the last 20 runs succeeded (95 %), at least 95 % wanted',
    );
    expect(judgedSla(run, 'success_rate', { past: pastOf(`${'s'.repeat(17)}ff`) })).toBe(
      'missed: 18 of the last 20 runs succeeded (90 %), at least 95 % wanted',
    );
  });

  it('does not count runs that somebody cancelled, this one neither', () => {
    const run = start();
    run.cancel();
    run.exit('a', { kind: 'signalled', signal: 'SIGTERM' });
    run.exit('b', { kind: 'signalled', signal: 'SIGTERM' });
    expect(judgedSla(run, 'success_rate', { past: pastOf('ssccsss') })).toBe(
      'met: 5 of the last 5 runs succeeded (100 %), at least 95 % wanted',
    );
  });

  it('is told from the fifth run on', () => {
    const run = start();
    run.exit('a', 1);
    run.exit('b');
    expect(judgedSla(run, 'success_rate', { past: pastOf('sss') })).toBe('not-measured: needs 5 runs; this is run 4');
    expect(judgedSla(run, 'success_rate', { past: pastOf('ssss') })).toMatch(/^missed: 4 of the last 5 runs/);
  });

  it('is at risk while the run goes on in which a task has failed, and missed when no success can help', () => {
    const run = start();
    const past = pastOf('s'.repeat(19));
    expect(judgedSla(run, 'success_rate', { past })).toMatch(/^open: when this run succeeds, 20 of the last 20/);
    run.exit('a', 1);
    expect(judgedSla(run, 'success_rate', { past: pastOf(`${'s'.repeat(18)}f`) })).toMatch(
      /^at-risk: when this run fails, 18 of the last 20/,
    );
    expect(judgedSla(run, 'success_rate', { past: pastOf('sssff') })).toMatch(/^missed: at most 4 of the last 6/);
  });
});
