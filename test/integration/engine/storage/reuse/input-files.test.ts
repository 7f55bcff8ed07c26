import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { firstChanged, openInputFiles } from '../../../../../src/engine/storage/reuse/input-files.ts';
import { freshDirectory } from '../fresh-directory.ts';

let directory = '';
beforeEach(() => {
  directory = freshDirectory();
});

const { signal } = new AbortController();
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), text);
};
/** As if the file had been there for long, so that its marks can be trusted. */
const settled = async (path: string) => {
  const files = openInputFiles({ projectDir: directory, runDir: join(directory, 'run') });
  await expect.poll(async () => (await files.find([path])).files.get(path)?.isSettled).toBe(true);
};
const hashesOf = async (...paths: readonly string[]) => {
  const files = openInputFiles({ projectDir: directory, runDir: join(directory, 'run') });
  const { files: hashes } = await files.hash(await files.find(paths), { signal });
  return hashes;
};

describe('the inputs of a task', () => {
  it('are all files that its paths, patterns and directories stand for', async () => {
    for (const path of ['a.csv', 'data/b.csv', 'data/deep/c.csv', 'data/.hidden', 'other/d.csv']) write(path, path);
    symlinkSync(join(directory, 'other/d.csv'), join(directory, 'data/link.csv'));
    expect(Object.keys(await hashesOf('a.csv', 'data/**/*.csv')).sort()).toEqual([
      'a.csv',
      'data/b.csv',
      'data/deep/c.csv',
      'data/link.csv',
    ]);
    expect(Object.keys(await hashesOf('data'))).toContain('data/.hidden');
    expect(
      (await openInputFiles({ projectDir: directory, runDir: join(directory, 'run') }).find(['gone.csv', 'no/*.csv']))
        .missing,
    ).toEqual(['gone.csv']);
  });

  it('differ by their content alone, of whatever size', async () => {
    const sizes = [0, 1, 1024 ** 2 - 1, 1024 ** 2, 1024 ** 2 + 1, 3 * 1024 ** 2];
    for (const size of sizes) {
      write(`one-${size}`, 'x'.repeat(size));
      write(`other-${size}`, 'x'.repeat(size));
    }
    const hashes = await hashesOf('*');
    for (const size of sizes) expect(hashes[`one-${size}`]!.hash).toBe(hashes[`other-${size}`]!.hash);
    expect(new Set(Object.values(hashes).map(({ hash }) => hash)).size).toBe(sizes.length);
  });

  it('are seen to have changed when they are written again within the same moment and with the same size', async () => {
    write('a', '0');
    let before = await hashesOf('a');
    for (let count = 1; count < 50; count += 1) {
      write('a', `${count % 10}`);
      const files = openInputFiles({ projectDir: directory, runDir: join(directory, 'run') });
      const { files: after } = await files.hash(await files.find(['a']), { signal, known: before });
      expect(after['a']!.hash).not.toBe(before['a']!.hash);
      before = after;
    }
  });

  it('are seen to have changed when a program sets their time back, or puts another file in their place', async () => {
    write('a', 'old');
    utimesSync(join(directory, 'a'), 1_000_000, 1_000_000);
    await settled('a');
    const before = await hashesOf('a');
    expect(before['a']!.stats).toBeDefined();
    write('b', 'new');
    utimesSync(join(directory, 'b'), 1_000_000, 1_000_000);
    renameSync(join(directory, 'b'), join(directory, 'a'));
    const files = openInputFiles({ projectDir: directory, runDir: join(directory, 'run') });
    const { files: after } = await files.hash(await files.find(['a']), { signal, known: before });
    expect(after['a']!.hash).not.toBe(before['a']!.hash);
  });

  it('are not read again as long as the file system says that they are untouched', async () => {
    write('a', 'text');
    await settled('a');
    const before = await hashesOf('a');
    const files = openInputFiles({ projectDir: directory, runDir: join(directory, 'run') });
    const known = { a: { ...before['a']!, hash: 'as it was kept' } };
    const { files: after } = await files.hash(await files.find(['a']), { signal, known });
    expect(after['a']!.hash).toBe('as it was kept');
  });

  it('that are not files, or cannot be read, are named, and nothing waits for them', async () => {
    write('a', 'x');
    execFileSync('mkfifo', [join(directory, 'pipe')]);
    const files = openInputFiles({ projectDir: directory, runDir: join(directory, 'run') });
    expect(await files.hash(await files.find(['a', 'pipe']), { signal })).toEqual({ files: {}, unreadable: 'pipe' });
  });

  it('tell how much of them was read, and are given up on demand', async () => {
    write('large', 'x'.repeat(5 * 1024 ** 2));
    const files = openInputFiles({ projectDir: directory, runDir: join(directory, 'run') });
    const told: (readonly [number, number])[] = [];
    const onProgress = (read: number, all: number) => void told.push([read, all]);
    await files.hash(await files.find(['large']), { signal, onProgress });
    expect(told.at(-1)).toEqual([5 * 1024 ** 2, 5 * 1024 ** 2]);
    const stopped = AbortSignal.abort();
    expect(
      await openInputFiles({ projectDir: directory, runDir: join(directory, 'run') }).hash(
        await files.find(['large']),
        { signal: stopped },
      ),
    ).toMatchObject({
      unreadable: 'large',
    });
  });

  it('that change between two looks are named', async () => {
    for (const path of ['a', 'b', 'c']) write(path, path);
    const files = openInputFiles({ projectDir: directory, runDir: join(directory, 'run') });
    const before = await files.find(['*']);
    expect(firstChanged(before, await files.find(['*']))).toBe(undefined);
    appendFileSync(join(directory, 'b'), 'more');
    expect(firstChanged(before, await files.find(['*']))).toBe('b');
    const between = await files.find(['*']);
    write('d', 'd');
    expect(firstChanged(between, await files.find(['*']))).toBe('d');
  });
});
