import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { didYouMean } from '../../model/text/did-you-mean.ts';
import { withFileSystemDeadline } from '../../platform/file-system-deadline.ts';
import { type HandoffState, handoffPath, readText, unknown, unreadable } from './handoff-files.ts';
import { type DocumentFields, readYaml } from './handoff-yaml.ts';

/** A hand-off in a file. Texts are as they stand there. */
export type StoredHandoff = {
  /** That of its file, without the ending. */
  readonly name: string;
  readonly state: HandoffState;
  readonly path: string;
  /** What it is about: a task, a check, a data set, a pipeline. */
  readonly subject: string | undefined;
  readonly document: DocumentFields;
};

const filesAtOnce = 32;
const maxNamed = 5;

/** The hand-offs in these states, the oldest first; a file that cannot be read is told beside them. */
export async function listHandoffs(
  directory: string,
  states: readonly HandoffState[],
): Promise<{ readonly handoffs: readonly StoredHandoff[]; readonly unreadable: readonly Diagnostic[] }> {
  const handoffs: StoredHandoff[] = [];
  const mistakes: Diagnostic[] = [];
  for (const state of states) {
    const found = await namesIn(join(directory, state));
    if (!found.ok) mistakes.push(found.error);
    const names = found.ok ? found.value : [];
    for (let at = 0; at < names.length; at += filesAtOnce) {
      const some = await Promise.all(names.slice(at, at + filesAtOnce).map((name) => read(directory, state, name)));
      for (const one of some) {
        if (one.ok) handoffs.push(one.value);
        // One that was closed meanwhile.
        else if (one.error.code !== 'handoff/unknown') mistakes.push(one.error);
      }
    }
  }
  const moment = ({ document, name }: StoredHandoff) => `${document['created_at'] ?? ''} ${name}`;
  return { handoffs: handoffs.sort((a, b) => (moment(a) < moment(b) ? -1 : 1)), unreadable: mistakes };
}

/**
 * The name of the active hand-off that `text` names: its name or file, the beginning of its name, or its subject. Errors:
 * `handoff/unknown`, `handoff/unreadable`.
 */
export async function findHandoff(directory: string, text: string): Promise<Result<string, Diagnostic>> {
  const wanted = basename(text).replace(/\.ya?ml$/, '');
  const found = await namesIn(join(directory, 'active'));
  if (!found.ok) return found;
  const names = found.value;
  if (names.includes(wanted)) return ok(wanted);
  const begun = wanted === '' ? [] : names.filter((name) => name.startsWith(wanted));
  const meant = begun.length > 0 ? begun : names.filter((name) => name.endsWith(`_${wanted}`));
  if (meant.length === 1) return ok(meant[0]!);
  if (meant.length > 1) {
    const some = meant.slice(-maxNamed).join(', ');
    return failed(unknown(`"${text}" matches ${meant.length} hand-offs`, `the last of them: ${some}`));
  }
  if (names.length === 0) return failed(unknown(`there are no active hand-offs in "${directory}"`));
  const similar = didYouMean(wanted, names);
  const hint = similar === undefined ? undefined : `did you mean "${similar}"?`;
  return failed(unknown(`there is no active hand-off "${text}"`, hint));
}

async function read(directory: string, state: HandoffState, name: string): Promise<Result<StoredHandoff, Diagnostic>> {
  const path = handoffPath(directory, state, name);
  const text = await readText(path);
  if (!text.ok) return text;
  const fields = readYaml(text.value);
  if (!fields.ok) return failed(unreadable(path, fields.error));
  const document = fields.value;
  const subject = ['failed_task', 'failed_check', 'dataset', 'pipeline']
    .map((key) => document[key])
    .find((value) => typeof value === 'string');
  return ok({ name, state, path, document, subject: subject as string | undefined });
}

/** Without files that are being written; none when there is no directory. */
async function namesIn(directory: string): Promise<Result<readonly string[], Diagnostic>> {
  try {
    const names = await withFileSystemDeadline(readdir(directory));
    return ok(names.flatMap((name) => /^([^.].*)\.yaml$/.exec(name)?.[1] ?? []).sort());
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? ok([]) : failed(unreadable(directory, message));
  }
}
