import type { Diagnostic, DiagnosticCode } from '../model/diagnostic.ts';
import { locate, type Source } from './source.ts';
import type { Span } from './yaml-node.ts';

/** Collects the mistakes of one file in the order in which they are found. */
export type Report = { readonly source: Source; readonly diagnostics: Diagnostic[] };

type Mistake = {
  readonly code: DiagnosticCode;
  readonly at: Span;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly related?: readonly { readonly message: string; readonly at: Span }[];
};

export function reportError(report: Report, mistake: Mistake): void {
  const { code, message, hint, related } = mistake;
  report.diagnostics.push({
    code,
    severity: 'error',
    message,
    at: locate(report.source, mistake.at),
    ...(hint === undefined ? {} : { hint }),
    ...(related === undefined
      ? {}
      : { related: related.map((place) => ({ message: place.message, at: locate(report.source, place.at) })) }),
  });
}
