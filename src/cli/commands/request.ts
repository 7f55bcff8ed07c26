import { resolve } from 'node:path';
import {
  handoffsDirectory,
  lockRequests,
  type RequestFile,
  type RequestProject,
  readRequestFile,
  refuseRequest,
} from '../../engine/index.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { signalExitCodes } from '../exit-code.ts';
import type { Invocation } from '../invocation.ts';
import { shownPath } from '../output/shown-path.ts';
import { chooseReporter } from '../reporters/choose-reporter.ts';
import { carryOut, sayer } from '../request/carry-out.ts';
import { type ChosenOptions, type RequestOptions, requestProject } from '../request/request-options.ts';
import { stopRequestsOnSignal } from '../request/stop-requests.ts';
import { watchRequests } from '../request/watch-requests.ts';
import { loadPlan } from '../run/load-plan.ts';
import { wantedScreen } from '../run/load-screen.ts';
import { refuse } from '../stored-runs/stored-runs.ts';

/** Carries out a request of another team, or those that arrive in a directory. */
export async function request(
  given: string | undefined,
  asked: RequestOptions,
  invocation: Invocation,
): Promise<number> {
  const options = { ...asked, reporter: chooseReporter(asked, invocation) };
  if ((given === undefined) === (options.watch === undefined)) return refuse(wrongCall(given), options, invocation);
  const { loaded, diagnostics, sources } = loadPlan(options.pipeline, invocation, {}, undefined);
  const mistaken = showDiagnostics(diagnostics, options, invocation, sources);
  if (loaded === undefined) return mistaken;
  const made = requestProject(loaded, options, invocation);
  if (!made.ok) return showDiagnostics(made.error, options, invocation, sources);
  const project = made.value;
  if (given === undefined) return watchIn(project, options, invocation);
  const file = await readRequestFile(resolve(invocation.cwd, given));
  if (!file.ok) return refuse(file.error, options, invocation);
  if (options.dryRun === true) return carryOutOne(file.value, project, options, invocation);
  return locked(project, options, invocation, () => carryOutOne(file.value, project, options, invocation));
}

function watchIn(project: RequestProject, options: ChosenOptions, invocation: Invocation): Promise<number> {
  const { watch } = options;
  const directory =
    typeof watch === 'string' ? resolve(invocation.cwd, watch) : resolve(handoffsDirectory(project), 'incoming');
  return locked(project, options, invocation, () => watchRequests(directory, options, invocation));
}

async function carryOutOne(
  file: RequestFile,
  project: RequestProject,
  options: ChosenOptions,
  invocation: Invocation,
): Promise<number> {
  const stopper = stopRequestsOnSignal();
  try {
    const screen = await wantedScreen(options, invocation);
    const done = await carryOut(file, project, options, invocation, stopper, screen);
    const signal = stopper.signal();
    if (done.kind === 'left' && signal !== undefined) return signalExitCodes[signal];
    if (done.kind !== 'refused' || options.dryRun === true) return done.exitCode;
    // A request that is right, and comes too late, gets an answer; one with mistakes is for whoever called.
    if (!done.refusal.diagnostics.some(({ code }) => code === 'run/too-late')) return done.exitCode;
    const refused = await refuseRequest(file.path, file.name, done.refusal, project);
    if (!refused.ok) return showDiagnostics([refused.error], options, invocation);
    const { answer, request: moved } = refused.value;
    const { cwd } = invocation;
    sayer(
      options,
      invocation,
    )([`request refused: ${shownPath(moved, cwd)}`, `  answer      ${shownPath(answer, cwd)}`]);
    return done.exitCode;
  } finally {
    stopper.release();
  }
}

/** One process at a time carries out the requests of a project. */
async function locked(
  { found, env }: RequestProject,
  options: ChosenOptions,
  invocation: Invocation,
  work: () => Promise<number>,
): Promise<number> {
  const lock = await lockRequests(found.projectDir, env);
  if (!lock.ok) return showDiagnostics([lock.error], options, invocation);
  try {
    return await work();
  } finally {
    lock.value();
  }
}

function wrongCall(given: string | undefined) {
  return {
    code: 'usage/bad-argument',
    severity: 'error',
    message: given === undefined ? 'no request file given' : 'a file and --watch cannot be used together',
    hint: 'use etl-tui request FILE or etl-tui request --watch [DIR]',
  } as const;
}
