import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeFileAtomically } from '../../../../src/engine/storage/fs/write-file-atomically.ts';
import { freshDirectory, smallDisk } from './fresh-directory.ts';

describe('a result file', () => {
  it('replaces the old one atomically, is readable by its user only, and leaves no other file', async () => {
    const directory = freshDirectory();
    const path = join(directory, 'result.json');
    writeFileSync(path, 'the old one, which is longer', { mode: 0o644 });
    expect(await writeFileAtomically(path, 'neu: ✓')).toEqual({ ok: true, value: undefined });
    expect(readFileSync(path, 'utf8')).toBe('neu: ✓');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(['result.json']);
  });

  it('is never seen incomplete by a reader', async () => {
    const path = join(freshDirectory(), 'result.json');
    await writeFileAtomically(path, 'a'.repeat(300_000));
    let writing = true;
    const seen = new Set<string>();
    const write = async () => {
      for (const letter of 'bcdefg') await writeFileAtomically(path, letter.repeat(300_000));
      writing = false;
    };
    const read = async () => {
      while (writing) {
        const text = readFileSync(path, 'utf8');
        seen.add(`${text.length} ${new Set(text).size}`);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await Promise.all([write(), read()]);
    expect([...seen]).toEqual(['300000 1']);
  });

  it('replaces a link, and leaves the target of the link alone', async () => {
    const directory = freshDirectory();
    writeFileSync(join(directory, 'target'), 'mine');
    symlinkSync(join(directory, 'target'), join(directory, 'result.json'));
    expect((await writeFileAtomically(join(directory, 'result.json'), 'new')).ok).toBe(true);
    expect(readFileSync(join(directory, 'target'), 'utf8')).toBe('mine');
    expect(readFileSync(join(directory, 'result.json'), 'utf8')).toBe('new');
  });

  it('stays unchanged when there is no room for the new one', async ({ skip }) => {
    const disk = smallDisk();
    if (disk === undefined) return skip('this user may not mount a disk');
    const path = join(disk, 'result.json');
    await writeFileAtomically(path, 'old');
    expect(await writeFileAtomically(path, 'x'.repeat(200_000))).toMatchObject({
      error: { code: 'run/cannot-write', message: `Cannot write "${path}": no space is left` },
    });
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(disk)).toEqual(['result.json']);
  });

  it('that cannot be written is an error with the reason', async () => {
    const directory = freshDirectory();
    mkdirSync(join(directory, 'result.json'));
    expect(await writeFileAtomically(join(directory, 'result.json'), '')).toMatchObject({
      error: { code: 'run/cannot-write' },
    });
    expect(await writeFileAtomically(join(directory, 'absent', 'result.json'), '')).toMatchObject({ ok: false });
    expect(existsSync(join(directory, 'absent'))).toBe(false);
    expect(readdirSync(directory)).toEqual(['result.json']);
  });
});
