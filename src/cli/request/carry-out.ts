import {
  earlierAnswer,
  finishRequest,
  maskEnvironment,
  prepareRequest,
  type RequestFile,
  type RequestProject,
  type RequestRefusal,
} from '../../engine/index.ts';
import type { Capabilities } from '../../ui/terminal/capabilities.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes } from '../exit-code.ts';
import type { Invocation } from '../invocation.ts';
import { shownPath } from '../output/shown-path.ts';
import { createStyle } from '../output/style.ts';
import { openGithubStep } from '../reporters/github/github-step.ts';
import { followRun } from '../run/follow-run.ts';
import { answerLines, requestLines } from './request-lines.ts';
import type { ChosenOptions } from './request-options.ts';
import type { RequestStopper } from './stop-requests.ts';

/** What has become of a request. */
export type CarriedOut =
  /** `isMoved`: it is where answered requests are. */
  | { readonly kind: 'answered'; readonly exitCode: number; readonly isMoved: boolean }
  /** What is wrong with it has been printed; it is where it was. */
  | { readonly kind: 'refused'; readonly exitCode: number; readonly refusal: RequestRefusal }
  /** Nothing was run, or the run was cancelled; it is where it was. */
  | { readonly kind: 'left'; readonly exitCode: number };

/**
 * Carries out one request, from its file to its answer.
 * @param screen what the terminal can do, when the run is to be shown on a whole screen
 */
export async function carryOut(
  file: RequestFile,
  project: RequestProject,
  options: ChosenOptions,
  invocation: Invocation,
  stopper: RequestStopper,
  screen?: Capabilities,
): Promise<CarriedOut> {
  const { cwd, env, out } = invocation;
  const say = sayer(options, invocation);
  const shown = shownPath(file.path, cwd);
  const before = options.dryRun === true ? undefined : await earlierAnswer(file, project);
  if (before !== undefined) {
    say([`request ${shown} was answered before: ${shownPath(before.path, cwd)}`]);
    return finish(file, project, options, invocation, exitCodeOfAnswer(before));
  }
  const step = openGithubStep(options.reporter, options, invocation);
  const prepared = await prepareRequest(file, shown, project);
  if (!prepared.ok) {
    const { diagnostics, text } = prepared.error;
    const exitCode = showDiagnostics(diagnostics, options, invocation, new Map([[shown, text]]));
    step.note(diagnostics);
    step.refuse();
    return { kind: 'refused', exitCode, refusal: prepared.error };
  }
  const { warnings, text, run, answer } = prepared.value;
  say(requestLines(prepared.value, shown, Date.now()));
  showDiagnostics(warnings, options, invocation, new Map([[shown, text]]));
  step.note(warnings);
  if (options.dryRun === true || stopper.signal() !== undefined) return { kind: 'left', exitCode: exitCodes.success };
  const exitCode = await stopper.during(() => followRun(run, options, step, invocation, screen));
  const written = answer();
  if (written === undefined) {
    say([`request ${shown} was not carried out; its file was not moved`]);
    return { kind: 'left', exitCode };
  }
  const finished = await finish(file, project, options, invocation, exitCode);
  const style = createStyle({ ...options, env, isTerminal: out.isTerminal });
  const paths = { answer: shownPath(written.path, cwd), request: shownPath(finished.path, cwd) };
  say(answerLines(written.document, paths, style));
  return finished;
}

async function finish(
  file: RequestFile,
  project: RequestProject,
  options: ChosenOptions,
  invocation: Invocation,
  exitCode: number,
): Promise<Extract<CarriedOut, { kind: 'answered' }> & { readonly path: string }> {
  const moved = await finishRequest(file, project);
  if (moved.ok) return { kind: 'answered', exitCode, isMoved: true, path: moved.value };
  const mistaken = showDiagnostics([moved.error], options, invocation);
  const isWorse = mistaken !== exitCodes.success && exitCode === exitCodes.success;
  return { kind: 'answered', exitCode: isWorse ? exitCodes.taskFailed : exitCode, isMoved: false, path: file.path };
}

function exitCodeOfAnswer({ status, verdict }: { readonly status: string; readonly verdict: string }): number {
  if (status === 'fulfilled') return exitCodes.success;
  return verdict === 'check-failed' ? exitCodes.checkFailed : exitCodes.taskFailed;
}

/** Where lines about requests go: standard output, unless that holds JSON only. */
export function sayer({ reporter }: ChosenOptions, { out, err, env }: Invocation): (lines: readonly string[]) => void {
  const output = reporter === 'json' ? err : out;
  return (lines) => output.write(`${maskEnvironment(lines.join('\n'), env, [])}\n`);
}
