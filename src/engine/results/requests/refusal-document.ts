import type { Diagnostic } from '../../model/diagnostic.ts';
import type { EpochMs } from '../../model/ids.ts';
import { isoTime } from '../files/time-format.ts';

/** The answer to a request that was not carried out. docs/handoffs/data_refresh_refused.schema.json describes it. */
export type RefusalDocument = {
  readonly handoff: 'data_refresh_refused';
  readonly version: 1;
  readonly to: string;
  readonly urgency: 'high';
  readonly summary: string;
  readonly pipeline: string;
  readonly created_at: string;
  readonly file: string;
  readonly reasons: readonly RefusalReason[];
  readonly action_required: string;
};

/** A mistake; `line` and `col` count from 1 and are absent for one of the file as a whole. */
type RefusalReason = {
  readonly code: string;
  readonly message: string;
  readonly line?: number;
  readonly col?: number;
  readonly excerpt?: string;
  readonly hint?: string;
};

const maxReasons = 20;
const maxExcerpt = 200;

/** @param text of the request, with secrets hidden, for excerpts */
export function refusalDocument(
  {
    diagnostics,
    text,
    from,
  }: { readonly diagnostics: readonly Diagnostic[]; readonly text: string; readonly from?: string },
  { file, pipeline, now }: { readonly file: string; readonly pipeline: string; readonly now: EpochMs },
): RefusalDocument {
  const lines = text.split(/\r?\n/);
  const [first] = diagnostics;
  const others = diagnostics.length - 1;
  return {
    handoff: 'data_refresh_refused',
    version: 1,
    to: from ?? `whoever sent ${file}`,
    urgency: 'high',
    summary: `${file} was refused: ${first?.message ?? 'it cannot be read'}${others > 0 ? ` (and ${others} more)` : ''}`,
    pipeline,
    created_at: isoTime(now),
    file,
    reasons: diagnostics.slice(0, maxReasons).map(({ code, message, at, hint }) => ({
      code,
      message,
      ...(at === undefined ? {} : { line: at.line, col: at.col, ...excerptOf(lines[at.line - 1]) }),
      ...(hint === undefined ? {} : { hint }),
    })),
    action_required: 'nothing was run; correct the request and send it again',
  };
}

function excerptOf(line: string | undefined): { readonly excerpt?: string } {
  const excerpt = line?.trim().slice(0, maxExcerpt) ?? '';
  return excerpt === '' ? {} : { excerpt };
}
