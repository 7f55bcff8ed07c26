import { describe, expect, test } from 'vitest';
import type { Exit } from '../../../../../src/engine/model/run/task-state.ts';
import { keepCommandOutput } from '../../../../../src/engine/run/checks/command-output.ts';
import { judgeCommand } from '../../../../../src/engine/run/checks/judge-command.ts';

const code = (code: number): Exit => ({ kind: 'exited', code });

function judge(exit: Exit, stdout: string, expected?: number | string | null, onFail: 'fail' | 'warn' = 'fail') {
  const output = keepCommandOutput();
  output.write('stdout', Buffer.from(stdout));
  return judgeCommand(exit, output, expected, onFail);
}

describe('a command without an expectation', () => {
  test.each([
    [0, 'pass', 'the command ended with exit code 0'],
    [1, 'fail', 'the command ended with exit code 1: 2 models are wrong'],
    [2, 'error', 'the command ended with exit code 2: 2 models are wrong'],
    [127, 'error', 'the command ended with exit code 127: 2 models are wrong'],
  ])('that ends with %d: %s', (exit, verdict, summary) => {
    const found = judge(code(exit), 'begin\n2 models are wrong\n\n');
    expect(found).toMatchObject({ verdict, summary, measured: { exit_code: exit } });
  });

  test('only warns with on_fail: warn', () => {
    expect(judge(code(1), '', undefined, 'warn').verdict).toBe('warn');
  });

  test.each<[Exit, string]>([
    [{ kind: 'signalled', signal: 'SIGKILL' }, 'the command was killed by SIGKILL'],
    [
      { kind: 'not-started', reason: 'usage', message: 'duckdb: not found' },
      'the command could not be started: duckdb: not found',
    ],
    [{ kind: 'lost', why: 'runner-gone', message: 'gone' }, 'the command was lost: gone'],
  ])('that did not end by itself has found out nothing: %j', (exit, summary) => {
    expect(judge(exit, '')).toMatchObject({ verdict: 'error', summary });
  });
});

describe('a command with an expectation', () => {
  test.each([
    ['0\n', 0],
    ['0.00\n', 0],
    ['9007199254740993|x\n', '9007199254740993'],
    ['ready\n', 'ready'],
    ['a,b\n', 'a,b'],
    ['true\n', 'true'],
    ['\n', null],
    ['NULL|1\n', null],
  ])('passes when it prints %j and %j is expected', (printed, expected) => {
    expect(judge(code(0), printed, expected)).toMatchObject({ verdict: 'pass' });
  });

  test.each([
    ['3|g1, g2\n', 0, 'the command gave 3, expected 0 (3|g1, g2)', { value: 3, expect: 0 }],
    ['', 0, 'the command printed nothing, expected 0', { value: null, expect: 0 }],
    ['Ready\n', 'ready', 'the command gave Ready, expected ready', { value: 'Ready', expect: 'ready' }],
    ['0\n', null, 'the command gave 0, expected nothing', { value: 0, expect: null }],
  ])('fails when it prints %j and %j is expected', (printed, expected, summary, measured) => {
    expect(judge(code(0), printed, expected)).toMatchObject({ verdict: 'fail', summary, measured });
  });

  test('keeps a number for the history of the check', () => {
    expect(judge(code(0), '3\n', 0).value).toBe(3);
    expect(judge(code(0), 'x\n', 0)).not.toHaveProperty('value');
  });

  test('that does not succeed is an error, whatever it has printed', () => {
    expect(judge(code(1), '0\n', 0)).toMatchObject({
      verdict: 'error',
      summary: 'the command ended with exit code 1: 0',
    });
  });
});

describe('an error', () => {
  test.each<[string, Exit, true | undefined]>([
    ['of a program that is not there stays', code(127), undefined],
    ['of a program that cannot be started stays', { kind: 'not-started', reason: 'usage', message: 'x' }, undefined],
    ['for lack of processes may pass', { kind: 'not-started', reason: 'shortage', message: 'x' }, true],
    ['with an exit code of its own may pass', code(2), true],
    ['by a signal may pass', { kind: 'signalled', signal: 'SIGKILL' }, true],
  ])('%s', (_what, exit, isTransient) => {
    expect(judge(exit, '').isTransient).toBe(isTransient);
  });

  test('is no failure: a check that fails is not asked again', () => {
    expect(judge(code(1), '').isTransient).toBeUndefined();
  });
});
