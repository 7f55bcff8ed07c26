import { resolve } from 'node:path';
import { namesOf } from '../masking/find-secrets.ts';
import type { DataRequest } from '../model/data-request.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { isoTime } from '../results/files/time-format.ts';
import { maskDocument } from '../results/handoffs/mask-document.ts';
import type { DeliverableEvidence } from '../results/requests/deliverables.ts';
import { type AnswerDocument, type AskedFor, requestAnswer } from '../results/requests/request-answer.ts';
import type { RunEnd } from '../run/request/run-request.ts';
import { writeHandoff } from '../storage/handoffs/handoff-files.ts';
import { deliveredFile } from '../storage/handoffs/requests/delivered-file.ts';
import { donePath, requestName } from '../storage/handoffs/requests/move-request.ts';
import type { RequestFile } from '../storage/handoffs/requests/request-file.ts';
import type { LeftOutTask } from './find-fresh-tasks.ts';
import type { Expectation } from './judge-deadline.ts';
import type { RequestPlan } from './request-plan.ts';
import { handoffsDirectory, type RequestProject } from './request-project.ts';

/** An answer on the disk. */
export type Answer = { readonly path: string; readonly document: AnswerDocument };

type Carried = {
  readonly file: RequestFile;
  readonly request: DataRequest;
  readonly plan: RequestPlan;
  readonly leftOut: readonly LeftOutTask[];
  readonly expectation: Expectation;
  readonly project: RequestProject;
};

/**
 * Answers a request each time that its run ends; a run that was cancelled answers nothing. The answer of one file has one
 * name, so that a second one replaces the first.
 */
export function createAnswerer(carried: Carried): {
  readonly onEnd: (end: RunEnd) => Promise<readonly Diagnostic[]>;
  readonly answer: () => Answer | undefined;
} {
  const { file, project } = carried;
  const directory = handoffsDirectory(project);
  let answer: Answer | undefined;
  return {
    answer: () => answer,
    onEnd: async (end) => {
      if (end.verdict === 'cancelled') return [];
      const document = await answerOf(carried, directory, end);
      const names = new Set([...namesOf(end.state.plan), ...Object.values(document.places)]);
      const masked = maskDocument(document, names, end.mask);
      const written = await writeHandoff(directory, answerName(file), masked);
      if (!written.ok) return [written.error];
      answer = { path: written.value, document: masked };
      // Without a root cause in the run itself, its exit code would be that of a success.
      const isUntold = masked.verdict === 'success' && masked.status !== 'fulfilled';
      return isUntold ? [notDelivered(masked)] : [];
    },
  };
}

/** The name of the answer to a request that was carried out. */
export function answerName({ name, id }: Pick<RequestFile, 'name' | 'id'>): string {
  return `data_refresh_completed_${requestName(name, id)}`;
}

async function answerOf(carried: Carried, directory: string, end: RunEnd): Promise<AnswerDocument> {
  const { file, request, plan, leftOut, expectation, project } = carried;
  const { projectDir } = project.found;
  const fresh = new Set(leftOut.map(({ task }) => task));
  const deliverables = await Promise.all(
    plan.deliverables.map(
      async (deliverable): Promise<DeliverableEvidence> => ({
        deliverable,
        leftOut: fresh,
        file: deliverable.file === undefined ? undefined : await deliveredFile(resolve(projectDir, deliverable.file)),
      }),
    ),
  );
  const { written, database } = end;
  return requestAnswer({
    state: end.state,
    verdict: end.verdict,
    now: end.now,
    asked: askedFor(file, request, end.state.options.params ?? {}, donePath(directory, file)),
    outlook: expectation.outlook,
    leftOut,
    deliverables,
    completeness: plan.completeness,
    freshness: plan.freshness?.map(({ task, column, check }) => ({
      task,
      column: `${column.table}.${column.column}`,
      check,
    })),
    maxAgeMs: request.freshness?.value,
    places: {
      project: projectDir,
      ...(database === undefined ? {} : { database }),
      ...(written.result === undefined ? {} : { result: written.result }),
      ...(written.consistency === undefined ? {} : { consistency: written.consistency }),
    },
  });
}

function askedFor(file: RequestFile, request: DataRequest, params: AskedFor['params'], path: string): AskedFor {
  const { id, from, to, priority, createdAt, deadline, scope, freshness, completeness, deliverables } = request;
  return {
    ...(id === undefined ? {} : { id }),
    file: file.name,
    stored: path,
    from,
    ...(to === undefined ? {} : { to }),
    priority,
    ...(createdAt === undefined ? {} : { created_at: isoTime(createdAt) }),
    ...(deadline === undefined ? {} : { deadline: deadline.text }),
    scope: scope.map(({ text }) => text),
    params,
    ...(freshness === undefined ? {} : { freshness: freshness.text }),
    ...(completeness === undefined ? {} : { completeness: completeness.text }),
    ...(deliverables === undefined ? {} : { expected_deliverables: deliverables.map(({ text }) => text) }),
  };
}

function notDelivered({ summary }: AnswerDocument): Diagnostic {
  return {
    code: 'run/not-delivered',
    severity: 'error',
    message: `The run succeeded, but the request is not fulfilled: ${summary}`,
    hint: 'the answer lists every deliverable and the reason',
  };
}
