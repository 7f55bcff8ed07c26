import { describe, expect, it } from 'vitest';
import { readPipeline } from '../../../../src/engine/spec/read-pipeline.ts';
import { diagnosticsOf } from './diagnostics-of.ts';

function retentionOf(written: string) {
  const { partial } = readPipeline(`retention: ${written}\ntasks: { a: { command: [x] } }`, 'pipeline.yaml');
  return partial?.spec.retention;
}

describe('the retention of a pipeline', () => {
  it('has a number of runs, an age, and a size', () => {
    expect(retentionOf('{ keep_runs: 100, older_than: 90d, max_size: 5GB }')).toEqual({
      keepRuns: 100,
      olderThanMs: 90 * 86_400_000,
      maxBytes: 5 * 2 ** 30,
    });
    expect(retentionOf('{ older_than: 12h }')).toEqual({ olderThanMs: 12 * 3_600_000 });
    expect(retentionOf('{ older_than: 730d }')).toEqual({ olderThanMs: 730 * 86_400_000 });
  });

  it('is absent without a rule', () => {
    expect(retentionOf('{}')).toBeUndefined();
  });

  it('is refused where it would keep nothing or cannot be understood', () => {
    const text = `retention: { keep_runs: 0, older_than: 0d, max_size: 5 }\ntasks: { a: { command: [x] } }\n`;
    expect(diagnosticsOf(text)).toEqual([
      'spec/bad-value 1:25 "keep_runs" must be a whole number from 1 to 1000000, not 0',
      'spec/bad-value 1:40 "older_than" is zero',
      'spec/bad-type 1:54 "max_size" must be a size such as 512MB or 2GB, not 5',
    ]);
    expect(diagnosticsOf('retention: { older_than: long }\ntasks: { a: { command: [x] } }\n')).toEqual([
      'spec/bad-type 1:26 "older_than" must be a duration such as 12h or 30d, not "long"',
    ]);
  });

  it('does not count days where a task is limited', () => {
    expect(diagnosticsOf('tasks: { a: { command: [x], timeout: 1d } }\n')).toHaveLength(1);
  });
});
