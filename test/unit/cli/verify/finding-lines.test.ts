import { describe, expect, it } from 'vitest';
import { findingLines } from '../../../../src/cli/verify/finding-lines.ts';
import type { Difference, Finding, Proof, TaskId } from '../../../../src/engine/index.ts';

const rows = (counts: object, table = 'payments') => ({
  kind: 'rows',
  table,
  expectedRows: 3,
  foundRows: 3,
  missing: 0,
  added: 0,
  changed: 0,
  repeated: 0,
  isComplete: true,
  examples: [],
  ...counts,
});

function lines(proof: Proof, difference: object, more: Partial<Finding> = {}) {
  return findingLines({
    proof,
    tasks: ['load' as never],
    suspects: [],
    cause: { kind: 'differs', difference: difference as Difference },
    follows: [],
    ...more,
  });
}

describe('a finding says which task it is, what differs, and how', () => {
  it('rows that are there twice after a second run', () => {
    const { sentence, details, hint } = lines(
      'twice',
      rows({
        foundRows: 6,
        repeated: 3,
        examples: [{ kind: 'repeated', row: { day: '2024-01-01', name: 'a b' }, expected: 1, found: 2 }],
      }),
    );
    expect(sentence).toBe(
      'load is not idempotent: when it runs a second time, payments has 6 rows instead of 3: every row occurs twice',
    );
    expect(details).toEqual(['2 times instead of 1: day=2024-01-01 name="a b"']);
    expect(hint).toContain('ON CONFLICT');
  });

  it('rows that are missing after a kill', () => {
    const { sentence, details } = lines(
      'killed',
      rows({ foundRows: 2, missing: 1, examples: [{ kind: 'missing', row: { id: '3', name: null } }] }),
    );
    expect(sentence).toBe(
      'load does not survive a kill: when it runs again after a kill, payments has 2 rows instead of 3: 1 row missing',
    );
    expect(details).toEqual(['missing: id=3 name=NULL']);
  });

  it('other values, by the key of the row', () => {
    const example = { kind: 'changed', key: { id: '3' }, expected: { total: '30' }, found: { total: '45' } };
    const { sentence, details } = lines('twice', rows({ changed: 1, examples: [example] }));
    expect(sentence).toContain('payments has different data: 1 row with different values');
    expect(details).toEqual(['id=3: total is 45 instead of 30']);
  });

  it('an order that no dependency says, with who writes and who may be why', () => {
    const { sentence, details } = lines('order', rows({ changed: 3 }), {
      suspects: ['rates' as never],
      follows: ['mart.sums'],
    });
    expect(sentence).toBe(
      'a dependency is missing: when independent tasks run in the opposite order, payments has different data: ' +
        '3 rows with different values; "load" writes it, and no dependency says whether "rates" runs before or after it',
    );
    expect(details).toEqual(['also different, because they depend on it: mart.sums']);
  });

  it('two tasks that write the same table', () => {
    const { sentence } = lines('parallel', rows({ changed: 1 }), { tasks: ['a', 'b'] as never });
    expect(sentence).toContain('; "a", "b" write it, and no dependency orders them');
  });

  it('a task that fails, with the last lines that it printed', () => {
    const failure = { task: 'load' as never, reason: 'exit code 1', output: 'one\ntwo\nthree\nfour\nduplicate key\n' };
    const { sentence, details } = findingLines({
      proof: 'twice',
      tasks: ['load' as never],
      suspects: [],
      cause: { kind: 'task-failed', failure },
      follows: [],
    });
    expect(sentence).toBe('load is not idempotent: when it runs a second time, it fails: exit code 1');
    expect(details).toEqual(['two', 'three', 'four', 'duplicate key']);
  });

  it.each([
    [[], ''],
    [['rates'], ', and no dependency says whether "rates" runs before or after it'],
  ] as const)('a failure among others, by the name of the task (suspects: %j)', (suspects, more) => {
    const failure = { task: 'load' as TaskId, reason: 'exit code 1', output: '' };
    const { sentence } = findingLines({
      proof: 'order',
      tasks: ['load' as TaskId],
      suspects: suspects as unknown as readonly TaskId[],
      cause: { kind: 'task-failed', failure },
      follows: [],
    });
    expect(sentence).toBe(
      `a dependency is missing: when independent tasks run in the opposite order, "load" fails: exit code 1${more}`,
    );
  });

  it('a table, a definition and a file', () => {
    expect(lines('twice', { kind: 'new-table', table: 'tmp' }).sentence).toContain('there is an extra table tmp');
    expect(lines('killed', { kind: 'definition', table: 't', missing: ['CREATE INDEX i'], added: [] }).details).toEqual(
      ['missing: CREATE INDEX i'],
    );
    expect(lines('twice', { kind: 'file', path: 'out/a.csv', how: 'other', line: 12 }).sentence).toContain(
      'file out/a.csv is different from line 12 on',
    );
  });

  it('at least so many, when there were too many to look at all of them', () => {
    expect(lines('twice', rows({ changed: 7, isComplete: false })).sentence).toContain(
      'at least 7 rows with different values',
    );
  });
});
