import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Diagnostic } from '../../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../../model/result.ts';
import { withFileSystemDeadline } from '../../../platform/file-system-deadline.ts';
import { writeError } from '../../fs/cannot-write.ts';
import { makeLogDirectory } from '../../fs/private-directory.ts';
import { writeFileAtomically } from '../../fs/write-file-atomically.ts';
import { type RequestFile, readRequestFile } from './request-file.ts';

const elsewhere = 'choose another directory with "handoffs.directory" in the pipeline file';

/** The name of a request and of its answer: safe everywhere, and its own. @param id of its file */
export function requestName(fileName: string, id: string): string {
  const plain = fileName
    .replace(/\.ya?ml$/i, '')
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[.-]+|-+$/g, '')
    .slice(0, 80);
  return `${plain || 'request'}_${id}`;
}

/** Where `moveRequest` puts a request. */
export function donePath(directory: string, { name, id }: Pick<RequestFile, 'name' | 'id'>): string {
  return join(directory, 'done', `${requestName(name, id)}.yaml`);
}

/**
 * Moves a request that was answered into `done` below the directory of hand-offs. When another file has taken its place
 * meanwhile, that stays where it is, and the text that was read is stored. Returns the new path. Error: `run/cannot-write`.
 */
export async function moveRequest(directory: string, file: RequestFile): Promise<Result<string, Diagnostic>> {
  const target = donePath(directory, file);
  const prepared = prepare(join(directory, 'done'));
  if (!prepared.ok) return prepared;
  const now = await readRequestFile(file.path);
  const isSame = now.ok && now.value.id === file.id;
  if (isSame && (await tryRename(file.path, target))) return ok(target);
  const written = await writeFileAtomically(target, file.text);
  if (!written.ok) return written;
  if (!isSame) return ok(target);
  try {
    await withFileSystemDeadline(rm(file.path));
    return ok(target);
  } catch (error) {
    return failed({ ...writeError(file.path, error, 'remove it by hand'), severity: 'warning' });
  }
}

/**
 * Moves what lies among the requests and is none into `refused`, whatever it is: a link is moved and not followed. Returns
 * the new path. Error: `run/cannot-write`.
 */
export async function setAside(directory: string, path: string, id: string): Promise<Result<string, Diagnostic>> {
  const prepared = prepare(join(directory, 'refused'));
  if (!prepared.ok) return prepared;
  const name = requestName(basename(path), id);
  const target = join(directory, 'refused', `${name}.yaml`);
  if (await tryRename(path, target)) return ok(target);
  // On another file system it stays beside the requests, under a name that is passed over.
  const hidden = join(dirname(path), `.refused_${name}.yaml`);
  try {
    await withFileSystemDeadline(rename(path, hidden));
    return ok(hidden);
  } catch (error) {
    return failed(writeError(path, error, 'move it by hand'));
  }
}

function prepare(directory: string): Result<void, Diagnostic> {
  try {
    makeLogDirectory(join(directory, '..'));
    makeLogDirectory(directory);
    return ok(undefined);
  } catch (error) {
    return failed(writeError(directory, error, elsewhere));
  }
}

/** False when that is not possible, as between file systems. */
async function tryRename(from: string, to: string): Promise<boolean> {
  try {
    await withFileSystemDeadline(rename(from, to));
    return true;
  } catch {
    return false;
  }
}
