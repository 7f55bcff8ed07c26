import { randomBytes } from 'node:crypto';
import { accessSync, chmodSync, constants, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Diagnostic, failed, ok, type Result, writeError } from '../../engine/index.ts';

/**
 * Writes a file that others see whole or not at all. Whoever names it decides by his umask who may read it; nobody else may
 * write to it. Its directory is made when it is missing, but none above it: those
 * are more likely mistyped than wanted. Errors: `run/cannot-write`.
 */
export function writeWholeFile(path: string, text: string): Result<undefined, Diagnostic> {
  return withDraft(path, {
    draft: (draft) => {
      makeDraft(draft, text);
      renameSync(draft, path);
    },
    device: () => writeFileSync(path, text),
  });
}

/** Whether `writeWholeFile` could write there now; changes nothing but the missing directory. */
export function tryWholeFile(path: string): Result<undefined, Diagnostic> {
  return withDraft(path, {
    draft: (draft) => makeDraft(draft, ''),
    device: () => accessSync(path, constants.W_OK),
  });
}

type Actions = {
  readonly draft: (draft: string) => void;
  /** What takes the place of a draft for a device, such as /dev/null, which a draft would replace. */
  readonly device: () => void;
};

function withDraft(path: string, actions: Actions): Result<undefined, Diagnostic> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    makeDirectory(dirname(path));
    const there = statSync(path, { throwIfNoEntry: false });
    if (there?.isDirectory()) throw Object.assign(new Error('it is a directory'), { code: 'EISDIR' });
    // To open a pipe that nobody reads would wait for ever.
    if (there?.isFIFO() || there?.isSocket()) throw new Error('it is not a regular file');
    if (there?.isCharacterDevice()) actions.device();
    else actions.draft(draft);
    return ok(undefined);
  } catch (error) {
    return failed(writeError(path, error, 'choose another file'));
  } finally {
    removeQuietly(draft);
  }
}

function makeDraft(path: string, text: string): void {
  writeFileSync(path, text, { flag: 'wx', mode: 0o644 });
  openToOwner(path, 0o600);
}

/** A umask may take the rights of the user, too, who could not read what he asked for. */
function openToOwner(path: string, rights: number): void {
  const { mode } = statSync(path);
  if ((mode & rights) !== rights) chmodSync(path, (mode & 0o777) | rights);
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { mode: 0o755 });
    openToOwner(path, 0o700);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Where nothing could be written, nothing is to be removed.
  }
}
