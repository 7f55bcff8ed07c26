import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fingerprint, Made } from '../../../../../src/engine/model/run/reuse.ts';
import {
  changedInputs,
  changedSettings,
  changedUpstream,
  hashOfFiles,
  madeBy,
} from '../../../../../src/engine/run/reuse/fingerprint.ts';

const settings = { command: 'c1', params: { day: 'p1' }, variables: { TZ: 'v1' } };
const inputs = (files: Readonly<Record<string, string>>): Fingerprint['inputs'] =>
  Object.fromEntries(Object.entries(files).map(([path, hash]) => [path, { hash }]));

describe('what a task was made of', () => {
  it('is the same as long as everything is the same', () => {
    expect(changedSettings(settings, structuredClone(settings))).toBe(undefined);
    expect(changedUpstream({ a: { data: '1' } }, { a: { data: '1' } })).toBe(undefined);
    expect(changedInputs(inputs({ 'a.csv': '1' }), inputs({ 'a.csv': '1' }))).toBe(undefined);
  });

  it('is another with another command, parameter, variable or database, and says which', () => {
    const { TZ: _, ...none } = settings.variables;
    expect(changedSettings(settings, { ...settings, command: 'c2' })).toEqual({ kind: 'command' });
    expect(changedSettings(settings, { ...settings, params: { day: 'p2', hour: 'p3' } })).toEqual({
      kind: 'parameters',
      names: ['day', 'hour'],
    });
    expect(changedSettings(settings, { ...settings, variables: none })).toEqual({ kind: 'environment', names: ['TZ'] });
    expect(changedSettings(settings, { ...settings, database: 'other' })).toEqual({ kind: 'database' });
  });

  it('is another when a task upstream has made something else, or there are others upstream', () => {
    const then = { a: { data: 'r1#1', files: 'f1' }, b: { files: 'f2' } };
    expect(changedUpstream(then, { ...then, a: { data: 'r2#1', files: 'f1' } })).toEqual({
      kind: 'upstream',
      task: 'a',
    });
    expect(changedUpstream(then, { ...then, b: { files: 'f3' } })).toEqual({ kind: 'upstream', task: 'b' });
    expect(changedUpstream(then, { a: then.a })).toEqual({ kind: 'dependencies' });
    expect(changedUpstream(then, { a: then.a, constructor: then.b })).toEqual({ kind: 'dependencies' });
  });

  it('names the first input that is not as it was, and counts the others', () => {
    const then = inputs({ a: '1', b: '2', c: '3' });
    expect(changedInputs(then, inputs({ a: '1', b: '9', c: '3' }))).toEqual({
      kind: 'input',
      path: 'b',
      how: 'changed',
    });
    expect(changedInputs(then, inputs({ a: '1', c: '3', d: '4' }))).toEqual({
      kind: 'input',
      path: 'b',
      how: 'gone',
      more: 1,
    });
    expect(changedInputs(then, inputs({ ...{ a: '1', b: '2', c: '3' }, Z: '0' }))).toMatchObject({
      path: 'Z',
      how: 'new',
    });
  });

  it('differs whenever any file differs, whatever their order', () => {
    const files = fc.dictionary(fc.string({ minLength: 1 }), fc.constantFrom('1', '2', '3'), { maxKeys: 6 });
    fc.assert(
      fc.property(files, files, (one, other) => {
        const isSame = JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
        expect(changedInputs(inputs(one), inputs(other)) === undefined).toBe(isSame);
        const turned = Object.fromEntries(Object.entries(inputs(one)).reverse());
        expect(hashOfFiles(turned)).toBe(hashOfFiles(inputs(one)));
      }),
    );
  });
});

describe('what a task has made', () => {
  const before: Made = { data: 'r1#1', files: 'f1' };
  const success = { attempt: 'r2#1', usesDatabase: false };

  it('are its outputs where it declares them, so that an attempt which writes the same again has changed nothing', () => {
    expect(madeBy({ ...success, files: 'f1' }, { files: 'f1' })).toEqual({ files: 'f1' });
  });

  it('is the work of its attempt where it declares no outputs, or holds connections to the database', () => {
    expect(madeBy(success, before)).toEqual({ data: 'r2#1' });
    expect(madeBy({ ...success, files: 'f1', usesDatabase: true }, before)).toEqual({ data: 'r2#1', files: 'f1' });
  });

  it('stays what it was when it reports that no row has changed', () => {
    expect(madeBy({ ...success, rowsChanged: 0 }, before)).toEqual({ data: 'r1#1' });
    expect(madeBy({ ...success, rowsChanged: 0 }, undefined)).toEqual({ data: 'r2#1' });
    expect(madeBy({ ...success, rowsChanged: 1 }, before)).toEqual({ data: 'r2#1' });
  });
});
