import type { Diagnostic, DiagnosticCode } from './diagnostic.ts';

const maxPerCode = 20;

/**
 * `diagnostics` with at most 20 of each code. Where some are left out, one more says how many, at the location of the
 * first of them: a generated file may repeat one mistake forty thousand times.
 */
export function capDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const counts = new Map<DiagnosticCode, number>();
  for (const { code } of diagnostics) counts.set(code, (counts.get(code) ?? 0) + 1);
  const seen = new Map<DiagnosticCode, number>();
  return diagnostics.flatMap((diagnostic) => {
    const { code, severity, at } = diagnostic;
    const number = (seen.get(code) ?? 0) + 1;
    seen.set(code, number);
    const more = counts.get(code)! - maxPerCode;
    // A line "and 1 more" would take as much room as the diagnostic itself.
    if (number <= maxPerCode || more === 1) return [diagnostic];
    if (number > maxPerCode + 1) return [];
    return [
      { code, severity, message: `and ${more.toLocaleString('en-US')} more of this kind`, more, ...(at && { at }) },
    ];
  });
}
