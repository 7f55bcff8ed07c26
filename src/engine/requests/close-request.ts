import { createHash } from 'node:crypto';
import { maskEnvironment } from '../masking/mask-environment.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Result } from '../model/result.ts';
import { systemClock } from '../platform/system-clock.ts';
import { maskDocument } from '../results/handoffs/mask-document.ts';
import { refusalDocument } from '../results/requests/refusal-document.ts';
import { writeHandoff } from '../storage/handoffs/handoff-files.ts';
import { moveRequest, requestName, setAside } from '../storage/handoffs/requests/move-request.ts';
import { markOfPath, type RequestFile } from '../storage/handoffs/requests/request-file.ts';
import { readStoredHandoff } from '../storage/handoffs/requests/stored-answer.ts';
import { answerName } from './answer-request.ts';
import type { RequestRefusal } from './prepare-request.ts';
import { handoffsDirectory, type RequestProject } from './request-project.ts';

/** Moves a request that was answered to those that are done. Returns its new path. Error: `run/cannot-write`. */
export function finishRequest(file: RequestFile, project: RequestProject): Promise<Result<string, Diagnostic>> {
  return moveRequest(handoffsDirectory(project), file);
}

/**
 * The answer that this very file got before: etl-tui was ended between the answer and the move of the request. Undefined
 * when there is none.
 */
export async function earlierAnswer(
  file: RequestFile,
  project: RequestProject,
): Promise<{ readonly path: string; readonly status: string; readonly verdict: string } | undefined> {
  const found = await readStoredHandoff(handoffsDirectory(project), answerName(file));
  if (found === undefined) return undefined;
  const { status, verdict } = found.document;
  return { path: found.path, status: String(status), verdict: String(verdict) };
}

/** Where the answer to a refused request is, and the request itself. */
export type RefusedRequest = { readonly answer: string; readonly request: string };

/**
 * Writes why a request is refused, and moves it out of the way, whatever it is: a link is moved, and not what it leads to.
 * Errors: `run/cannot-write`; the request stays where it is then.
 */
export async function refuseRequest(
  path: string,
  name: string,
  refusal: RequestRefusal,
  project: RequestProject,
): Promise<Result<RefusedRequest, Diagnostic>> {
  const directory = handoffsDirectory(project);
  const id = createHash('sha256')
    .update((await markOfPath(path)) ?? path)
    .digest('hex')
    .slice(0, 12);
  const document = refusalDocument(refusal, {
    file: name,
    pipeline: project.spec.name,
    now: systemClock().now(),
  });
  const masked = maskDocument(document, new Set([project.spec.name]), (text) => maskEnvironment(text, project.env, []));
  const written = await writeHandoff(directory, `data_refresh_refused_${requestName(name, id)}`, masked);
  if (!written.ok) return written;
  const moved = await setAside(directory, path, id);
  return moved.ok ? { ok: true, value: { answer: written.value, request: moved.value } } : moved;
}
