import type { Diagnostic, DiagnosticCode } from '../model/diagnostic.ts';
import { locate, type Source } from './source.ts';
import type { SourceRange } from './yaml/yaml-node.ts';

/** Collects the diagnostics of one file in the order in which they are found. */
export type Report = { readonly source: Source; readonly diagnostics: Diagnostic[] };

type Mistake = {
  readonly code: DiagnosticCode;
  readonly at: SourceRange;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly related?: readonly { readonly message: string; readonly at: SourceRange }[];
};

/** A message may quote a name of any length; the excerpt shows the rest. */
const maxMessageLength = 300;

export function reportError(report: Report, mistake: Mistake): void {
  const { code, hint, related } = mistake;
  report.diagnostics.push({
    code,
    severity: 'error',
    message: truncate(mistake.message),
    at: locate(report.source, mistake.at),
    ...(hint === undefined ? {} : { hint }),
    ...(related === undefined
      ? {}
      : { related: related.map((place) => ({ message: place.message, at: locate(report.source, place.at) })) }),
  });
}

function truncate(message: string): string {
  return message.length <= maxMessageLength
    ? message
    : `${message.slice(0, maxMessageLength).replace(/[\ud800-\udbff]$/, '')}…`;
}
