import { describe, expect, test } from 'vitest';
import { readEnvFile } from '../../../../src/engine/spec/read-env-file.ts';

describe('a file of variables', () => {
  test.each([
    ['A=1', { A: '1' }],
    ['A = 1 \r\nB=2\r\n', { A: '1', B: '2' }],
    ['\ufeffA=1', { A: '1' }],
    ['# a comment\n\n  export A=one two  # and why\nB=', { A: 'one two', B: '' }],
    ['A=a#b\nB=#c\nC= # nothing', { A: 'a#b', B: '#c', C: '' }],
    ["A='$HOME # \\n'  # as it is", { A: '$HOME # \\n' }],
    ['A="a\\tb\\n\\"c\\" \\$d \\\\ \\e"', { A: 'a\tb\n"c" $d \\ \\e' }],
    ['A="one\ntwo"\nB=\'three\n# four\'\nC=5', { A: 'one\ntwo', B: 'three\n# four', C: '5' }],
    ['A=$HOME/x\nA=${A}', { A: '${A}' }],
    ['KEY=a=b==\nURL=postgres://u:p@h/d?x=1', { KEY: 'a=b==', URL: 'postgres://u:p@h/d?x=1' }],
    ['__proto__=1', { ['__proto__']: '1' }],
  ])('%j is read', (text, values) => {
    const read = readEnvFile(text, '.env');
    expect(read.diagnostics).toEqual([]);
    expect(Object.entries(read.values)).toEqual(Object.entries(values));
  });

  test.each([
    ['A=1\nAPI_KEY: hunter2\nB=2', '.env:2:1 this line does not set a variable'],
    ['A=1\n  hunter2', '.env:2:1 this line does not set a variable'],
    ['1A=hunter2', '.env:1:1 this line does not set a variable'],
    ['A="hunter2\nB=1\n', '.env:1:3 the quote of "A" is never closed'],
    ["A='hunter2' tail", '.env:1:12 there is text after the closing quote of "A"'],
    ['A=hunter2\0', '.env:1:3 "A" contains a NUL character'],
  ])('%j is a mistake that shows nothing of it', (text, expected) => {
    const { diagnostics } = readEnvFile(text, '.env');
    expect(diagnostics.map(({ at, message }) => `${at?.file}:${at?.line}:${at?.col} ${message}`)).toEqual([expected]);
    expect(JSON.stringify(diagnostics)).not.toContain('hunter2');
    expect(diagnostics[0]?.code).toBe('run/bad-env-file');
  });
});
