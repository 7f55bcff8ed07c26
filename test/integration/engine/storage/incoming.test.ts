import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openIncoming } from '../../../../src/engine/storage/handoffs/requests/incoming.ts';
import { moveRequest, requestName } from '../../../../src/engine/storage/handoffs/requests/move-request.ts';
import { readRequestFile } from '../../../../src/engine/storage/handoffs/requests/request-file.ts';
import { freshDirectory } from './fresh-directory.ts';

const settleMs = 30;

async function namesOf(incoming: ReturnType<typeof openIncoming>): Promise<readonly string[]> {
  const found = await incoming.look();
  return found.ok ? found.value.map(({ path }) => basename(path)) : [found.error.message];
}

/** Longer than that, because a timer may fire a little early by the clock that is asked. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 2 * settleMs));

describe('incoming requests', () => {
  test('are taken when they have not changed for a while, in any form that is a request', async () => {
    const directory = freshDirectory();
    const incoming = openIncoming(join(directory, 'incoming'), settleMs);
    expect(await namesOf(incoming)).toEqual([]);
    const path = join(directory, 'incoming/half.yaml');
    writeFileSync(path, 'type: data_');
    writeFileSync(join(directory, 'incoming/.draft.yaml'), 'x');
    writeFileSync(join(directory, 'incoming/notes.txt'), 'x');
    expect(await namesOf(incoming)).toEqual([]);
    await settled();
    appendFileSync(path, 'refresh_request\n');
    expect(await namesOf(incoming)).toEqual([]);
    await settled();
    expect(await namesOf(incoming)).toEqual(['half.yaml']);
    renameSync(path, join(directory, 'incoming/other.YML'));
    expect(await namesOf(incoming)).toEqual([]);
    await settled();
    expect(await namesOf(incoming)).toEqual(['other.YML']);
  });

  test('are read when they are regular files of a sensible size only', async () => {
    const directory = freshDirectory();
    const reasonOf = async (name: string) => {
      const read = await readRequestFile(join(directory, name));
      return read.ok ? 'read' : `${read.error.code} ${read.error.message.replace(/^.*: /, '')}`;
    };
    writeFileSync(join(directory, 'good'), 'type: x\n');
    writeFileSync(join(directory, 'huge'), 'x'.repeat(64 * 1024 + 1));
    writeFileSync(join(directory, 'binary'), Buffer.from([0xff, 0xfe, 0x00]));
    symlinkSync('good', join(directory, 'link'));
    mkdirSync(join(directory, 'directory'));
    expect(await reasonOf('good')).toBe('read');
    expect(await reasonOf('huge')).toBe('request/unreadable it is larger than 64 KiB');
    expect(await reasonOf('binary')).toBe('request/unreadable it is not text in UTF-8');
    expect(await reasonOf('link')).toBe('request/unreadable it is a symbolic link');
    expect(await reasonOf('directory')).toBe('request/unreadable it is not a regular file');
    expect(await reasonOf('none')).toBe('spec/unreadable there is no such file');
  });

  test('have another id when they are written again, even with the same text', async () => {
    const path = join(freshDirectory(), 'r.yaml');
    const idOf = async () => {
      const read = await readRequestFile(path);
      return read.ok ? read.value.id : undefined;
    };
    writeFileSync(path, 'x: 1\n');
    const first = await idOf();
    expect(await idOf()).toBe(first);
    writeFileSync(`${path}.new`, 'x: 1\n');
    renameSync(`${path}.new`, path);
    expect(await idOf()).not.toBe(first);
  });

  test('are put away under a name of their own; what came in their place meanwhile stays', async () => {
    const directory = freshDirectory();
    const path = join(directory, 'r.yaml');
    writeFileSync(path, 'first\n');
    const file = await readRequestFile(path);
    if (!file.ok) throw new Error(file.error.message);
    writeFileSync(path, 'second, which is longer\n');
    const moved = await moveRequest(join(directory, 'handoffs'), file.value);
    expect(moved).toMatchObject({ ok: true });
    expect(readFileSync(path, 'utf8')).toBe('second, which is longer\n');
    const again = await readRequestFile(path);
    if (!again.ok) throw new Error(again.error.message);
    await moveRequest(join(directory, 'handoffs'), again.value);
    expect(existsSync(path)).toBe(false);
    const done = readdirSync(join(directory, 'handoffs/done'));
    expect(done.map((name) => readFileSync(join(directory, 'handoffs/done', name), 'utf8')).sort()).toEqual([
      'first\n',
      'second, which is longer\n',
    ]);
  });

  test.each([
    ['refresh.yaml', 'refresh_1'],
    ['..\u001b[31m/$(x) "a".yml', '31m-x-a_1'],
    ['ä.yaml', 'request_1'],
    [`${'n'.repeat(200)}.yaml`, `${'n'.repeat(80)}_1`],
  ])('called %j are called %s', (name, expected) => {
    expect(requestName(name, '1')).toBe(expected);
  });
});
