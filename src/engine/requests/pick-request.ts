import { basename } from 'node:path';
import { maskDiagnostics } from '../masking/mask-diagnostics.ts';
import type { DataRequest } from '../model/data-request.ts';
import { readRequest } from '../spec/request/read-request.ts';
import { type RequestFile, readRequestFile } from '../storage/handoffs/requests/request-file.ts';
import { orderRequests } from './order-requests.ts';
import type { RequestRefusal } from './prepare-request.ts';
import type { RequestProject } from './request-project.ts';
import { noRules } from './resolve-request.ts';

/** What is to be done with one of several requests. */
export type PickedRequest =
  | { readonly kind: 'refuse'; readonly path: string; readonly name: string; readonly refusal: RequestRefusal }
  | { readonly kind: 'carry-out'; readonly file: RequestFile; readonly request: DataRequest };

/** Which of the files at `paths` comes first; those that cannot be read come before all others. Undefined without any. */
export async function pickRequest(
  paths: readonly string[],
  { spec, env }: RequestProject,
): Promise<PickedRequest | undefined> {
  const keys = (spec.requests ?? noRules).params.map(({ key }) => key);
  const waiting: { readonly name: string; readonly file: RequestFile; readonly request: DataRequest }[] = [];
  for (const path of paths) {
    const name = basename(path);
    const file = await readRequestFile(path);
    // What has gone meanwhile, or cannot be read for the moment, is looked at again.
    if (!file.ok && file.error.code !== 'request/unreadable') continue;
    if (!file.ok) return { kind: 'refuse', path, name, refusal: { diagnostics: [file.error], text: '' } };
    const { request, from, diagnostics } = readRequest(file.value.text, name, keys);
    if (request === undefined) {
      const shown = maskDiagnostics(diagnostics, new Map([[name, file.value.text]]), env, new Map());
      const refusal = { diagnostics: shown.diagnostics, text: shown.texts.get(name) ?? '' };
      return { kind: 'refuse', path, name, refusal: { ...refusal, ...(from === undefined ? {} : { from }) } };
    }
    waiting.push({ name, file: file.value, request });
  }
  const [first] = orderRequests(waiting);
  return first === undefined ? undefined : { kind: 'carry-out', file: first.file, request: first.request };
}
