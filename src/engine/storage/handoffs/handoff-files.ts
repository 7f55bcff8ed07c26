import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { withFileSystemDeadline } from '../../platform/file-system-deadline.ts';
import { writeError } from '../fs/cannot-write.ts';
import { makeLogDirectory } from '../fs/private-directory.ts';
import { writeFileAtomically } from '../fs/write-file-atomically.ts';
import { addToYaml, type DocumentFields, writeYaml } from './handoff-yaml.ts';

/** The states of a hand-off, and the directories below that of all hand-offs. */
export type HandoffState = 'active' | 'done';

/** How a hand-off was closed: stored in its file. */
export type Closing = {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly by: string;
  readonly note: string | null;
};

/** @param directory of all hand-offs; @param name without the ending */
export function handoffPath(directory: string, state: HandoffState, name: string): string {
  return join(directory, state, `${name}.yaml`);
}

const elsewhere = 'choose another directory with "handoffs.directory" in the pipeline file';

/** Writes an active hand-off, or replaces it. Returns its path. Error: `run/cannot-write`. */
export async function writeHandoff(
  directory: string,
  name: string,
  document: DocumentFields,
): Promise<Result<string, Diagnostic>> {
  return write(directory, 'active', name, writeYaml(document));
}

/**
 * Moves an active hand-off to those that are done, with how it was closed under `closed`. Returns its new path. Errors:
 * `handoff/unknown` when it is not active, `handoff/unreadable`, `run/cannot-write`.
 */
export async function closeHandoff(
  directory: string,
  name: string,
  closing: Closing,
): Promise<Result<string, Diagnostic>> {
  const path = handoffPath(directory, 'active', name);
  const text = await readText(path);
  if (!text.ok) return text;
  const closed = addToYaml(text.value, 'closed', closing);
  if (!closed.ok) return failed(unreadable(path, closed.error));
  const written = await write(directory, 'done', name, closed.value);
  if (!written.ok) return written;
  try {
    await withFileSystemDeadline(rm(path));
    return written;
  } catch (error) {
    return failed(writeError(path, error, elsewhere));
  }
}

async function write(
  directory: string,
  state: HandoffState,
  name: string,
  text: string,
): Promise<Result<string, Diagnostic>> {
  const path = handoffPath(directory, state, name);
  try {
    makeLogDirectory(directory);
    makeLogDirectory(join(directory, state));
  } catch (error) {
    return failed(writeError(join(directory, state), error, elsewhere));
  }
  const written = await writeFileAtomically(path, text, elsewhere);
  return written.ok ? ok(path) : written;
}

/** No hand-off is larger. */
const maxBytes = 1024 * 1024;

/** The text of a hand-off. Errors: `handoff/unknown`, `handoff/unreadable`. */
export async function readText(path: string): Promise<Result<string, Diagnostic>> {
  try {
    const bytes = await withFileSystemDeadline(readFile(path));
    if (bytes.length > maxBytes) return failed(unreadable(path, 'it is larger than 1 MiB'));
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return failed(unknown(`there is no active hand-off "${path}"`));
    return failed(unreadable(path, error instanceof TypeError ? 'it is not text in UTF-8' : message));
  }
}

export function unknown(message: string, hint = 'etl-tui handoffs list shows the active ones'): Diagnostic {
  return { code: 'handoff/unknown', severity: 'error', message, hint };
}

export function unreadable(path: string, why: string): Diagnostic {
  return {
    code: 'handoff/unreadable',
    severity: 'error',
    message: `"${path}" cannot be read as a hand-off: ${why}`,
    hint: 'correct it, or move it out of the directory',
  };
}
