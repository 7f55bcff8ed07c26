import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { TaskId } from '../../../../src/engine/model/ids.ts';
import type { MissingOutput } from '../../../../src/engine/model/run/task-state.ts';
import { openOutputFiles } from '../../../../src/engine/storage/fs/output-files.ts';
import { freshDirectory } from './fresh-directory.ts';

const task = 'export' as TaskId;

let directory = '';
beforeEach(() => {
  directory = freshDirectory();
});

function write(path: string, text = 'x'): void {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), text);
}

/** What an attempt that does `work` has not written of `paths`. */
async function missingAfter(paths: readonly string[], work: () => void): Promise<string | undefined> {
  return (await missingOutputAfter(paths, work))?.path;
}

async function missingOutputAfter(paths: readonly string[], work: () => void): Promise<MissingOutput | undefined> {
  const outputs = openOutputFiles({ projectDir: directory, runDir: join(directory, 'run') });
  await outputs.remember(task, paths);
  work();
  return outputs.firstMissing(task, paths);
}

describe('the declared output files of an attempt', () => {
  it('are present when the attempt wrote each of them, however soon after the previous attempt', async () => {
    for (let count = 0; count < 20; count += 1) {
      expect(await missingAfter(['out.csv'], () => write('out.csv', `${count % 10}`))).toBe(undefined);
    }
    expect(await missingAfter([], () => {})).toBe(undefined);
  });

  it('are missing when absent, empty or older than the attempt; the first is named as in the pipeline file', async () => {
    write('old.csv');
    const work = () => {
      write('good.csv');
      write('empty.csv', '');
    };
    expect(await missingAfter(['good.csv', 'data/absent.csv', 'empty.csv'], work)).toBe('data/absent.csv');
    expect(await missingOutputAfter(['good.csv', 'empty.csv'], work)).toEqual({ path: 'empty.csv', isEmpty: true });
    expect(await missingAfter(['good.csv', 'old.csv'], work)).toBe('old.csv');
    expect(await missingAfter(['good.csv/x'], work)).toBe('good.csv/x');
  });

  it.each([
    ['an hour behind ours', 3600],
    ['an hour ahead of ours', -3600],
  ])('may lie on a server whose clock is %s', async (_, seconds) => {
    write('old.csv');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });
    onTestFinished(() => void vi.useRealTimers());
    expect(await missingAfter(['new.csv'], () => write('new.csv'))).toBe(undefined);
    expect(await missingAfter(['old.csv'], () => {})).toBe('old.csv');
  });

  it('may keep the modification time of an original, as downloads and unpacked archives do', async () => {
    write('plays.csv.gz');
    utimesSync(join(directory, 'plays.csv.gz'), 1_000_000_000, 1_000_000_000);
    const work = () => {
      write('plays.csv.gz');
      utimesSync(join(directory, 'plays.csv.gz'), 1_000_000_000, 1_000_000_000);
    };
    expect(await missingAfter(['plays.csv.gz'], work)).toBe(undefined);
  });

  it('may replace files of the same size', async () => {
    write('out.csv', 'a');
    write('next.csv', 'b');
    const work = () => renameSync(join(directory, 'next.csv'), join(directory, 'out.csv'));
    expect(await missingAfter(['out.csv'], work)).toBe(undefined);
  });

  it('may be directories, which count as written when a file in them is, and links', async () => {
    write('plays/season=2023/part.parquet');
    symlinkSync('plays', join(directory, 'latest'));
    const work = () => write('plays/season=2024/part.parquet');
    expect(await missingAfter(['plays'], () => mkdirSync(join(directory, 'plays/season=2024')))).toBe('plays');
    expect(await missingAfter(['plays', 'latest'], work)).toBe(undefined);
    expect(await missingAfter(['plays'], () => {})).toBe('plays');
  });
});

describe('a pattern of output files', () => {
  it.each([
    ['p*.csv', 'plays.csv'],
    ['data/*/part-?.csv', 'data/2024/part-1.csv'],
    ['data/**/*.csv', 'data/a/b/c.csv'],
    ['data/**/*.csv', 'data/c.csv'],
    ['data/**', 'data/a/b.csv'],
    ['**/b?r.csv', 'a/bär.csv'],
    ['.c*', '.cache'],
    ['[1]*.csv', '[1]a.csv'],
    ['*a*a*a*b.csv', `${'a'.repeat(200)}b.csv`],
  ])('%s matches %s', async (pattern, path) => {
    expect(await missingAfter([pattern], () => write(path))).toBe(undefined);
  });

  it.each([
    ['p*.csv', 'q.csv'],
    ['*.csv', 'data/a.csv'],
    ['*.csv', '.a.csv'],
    ['data/*/a.csv', 'data/a.csv'],
    ['part-?.csv', 'part-10.csv'],
    [`${'a*'.repeat(60)}b`, 'a'.repeat(240)],
  ])('%s does not match %s', async (pattern, path) => {
    expect(await missingAfter([pattern], () => write(path))).toBe(pattern);
  });

  it('needs one match that the attempt wrote, beside those of other days', async () => {
    write('p1.csv');
    expect(await missingAfter(['p*.csv'], () => {})).toBe('p*.csv');
    expect(await missingAfter(['p*.csv'], () => write('p2.csv'))).toBe(undefined);
    expect(await missingAfter(['p*.csv'], () => rmSync(join(directory, 'p1.csv')))).toBe('p*.csv');
  });

  it('does not match empty files', async () => {
    const work = () => {
      write('p1.csv');
      write('p2.csv', '');
    };
    expect(await missingAfter(['p*.csv'], work)).toBe('p2.csv');
  });

  it('ends at circular links, and so does a directory', async () => {
    mkdirSync(join(directory, 'data'));
    for (const name of ['one', 'two', 'three']) symlinkSync('.', join(directory, 'data', name));
    expect(await missingAfter(['**/x.csv', 'data'], () => write('data/x.csv'))).toBe(undefined);
  });
});
