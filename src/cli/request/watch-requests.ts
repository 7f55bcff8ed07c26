import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Diagnostic,
  displayText,
  type IncomingFile,
  openIncoming,
  pickRequest,
  type RequestProject,
  type RequestRefusal,
  refuseRequest,
} from '../../engine/index.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { signalExitCodes } from '../exit-code.ts';
import type { Invocation } from '../invocation.ts';
import { shownPath } from '../output/shown-path.ts';
import { loadPlan } from '../run/load-plan.ts';
import { carryOut, sayer } from './carry-out.ts';
import { type ChosenOptions, requestProject } from './request-options.ts';
import { stopRequestsOnSignal } from './stop-requests.ts';

const lookEveryMs = 2_000;
/** A file that has not changed for so long is taken to be complete. */
const settleMs = 1_500;
/** After a run that could not start, as without its database; each further time twice as long. */
const retryAfterMs = 30_000;
const maxRetryAfterMs = 120_000;

/** Carries out the requests that arrive in a directory, the most urgent first, one at a time, until a signal ends it. */
export async function watchRequests(
  directory: string,
  options: ChosenOptions,
  invocation: Invocation,
): Promise<number> {
  const { cwd } = invocation;
  const say = sayer(options, invocation);
  const stopper = stopRequestsOnSignal();
  const incoming = openIncoming(directory, settleMs);
  const warn = createWarner(options, invocation);
  /** Files that were dealt with and could not be moved away. */
  const left = new Set<string>();
  let retryMs = retryAfterMs;
  say([`watching ${displayText(shownPath(directory, cwd))} for requests`]);
  try {
    while (stopper.signal() === undefined) {
      const waitMs = await step();
      if (waitMs > 0) await pause(waitMs, undefined, { signal: stopper.stopping }).catch(() => undefined);
    }
    return signalExitCodes[stopper.signal() ?? 'SIGINT'];
  } finally {
    stopper.release();
  }

  /** Deals with one file; returns for how long there is nothing to do. */
  async function step(): Promise<number> {
    const found = await incoming.look();
    if (!found.ok) {
      warn(found.error);
      return lookEveryMs;
    }
    const files = found.value.filter((file) => !left.has(keyOf(file)));
    const current = files.length === 0 ? undefined : reload(options, invocation, warn);
    const picked =
      current === undefined
        ? undefined
        : await pickRequest(
            files.map(({ path }) => path),
            current,
          );
    if (current === undefined || picked === undefined) return lookEveryMs;
    const path = picked.kind === 'refuse' ? picked.path : picked.file.path;
    const leave = () => left.add(keyOf(files.find((file) => file.path === path)!));
    if (picked.kind === 'refuse') {
      const sources = new Map([[picked.name, picked.refusal.text]]);
      showDiagnostics(picked.refusal.diagnostics, options, invocation, sources);
      if (!(await setAside(path, picked.refusal, current))) leave();
      return 0;
    }
    const done = await carryOut(picked.file, current, options, invocation, stopper);
    switch (done.kind) {
      case 'answered':
        retryMs = retryAfterMs;
        if (!done.isMoved) leave();
        return 0;
      case 'refused':
        if (!(await setAside(path, done.refusal, current))) leave();
        return 0;
      case 'left': {
        const waitMs = retryMs;
        retryMs = Math.min(2 * retryMs, maxRetryAfterMs);
        return waitMs;
      }
    }
  }

  async function setAside(path: string, refusal: RequestRefusal, current: RequestProject): Promise<boolean> {
    const refused = await refuseRequest(path, basename(path), refusal, current);
    if (!refused.ok) {
      showDiagnostics([refused.error], options, invocation);
      return false;
    }
    const { answer, request } = refused.value;
    say([
      `request refused: ${displayText(shownPath(request, cwd))}`,
      `  answer      ${displayText(shownPath(answer, cwd))}`,
    ]);
    return true;
  }
}

/** The pipeline may be another one since the request before. Undefined while there are mistakes in it. */
function reload(
  options: ChosenOptions,
  invocation: Invocation,
  warn: (mistake: Diagnostic, sources: ReadonlyMap<string, string>) => void,
): RequestProject | undefined {
  const { loaded, diagnostics, sources } = loadPlan(options.pipeline, invocation, {}, undefined);
  const made = loaded === undefined ? undefined : requestProject(loaded, options, invocation);
  if (made?.ok) return made.value;
  const [mistake] = (made?.error ?? diagnostics).filter(({ severity }) => severity === 'error');
  if (mistake !== undefined) warn(mistake, sources);
  return undefined;
}

/** Prints a mistake that lasts once, and again only after another one. */
function createWarner(options: ChosenOptions, invocation: Invocation) {
  let last = '';
  return (mistake: Diagnostic, sources: ReadonlyMap<string, string> = new Map()) => {
    const text = JSON.stringify(mistake);
    if (text === last) return;
    last = text;
    showDiagnostics([mistake], options, invocation, sources);
  };
}

function keyOf({ path, mark }: IncomingFile): string {
  return `${mark} ${path}`;
}
