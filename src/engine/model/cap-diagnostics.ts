import type { Diagnostic, DiagnosticCode } from './diagnostic.ts';

const maxOfAKind = 20;

/**
 * `diagnostics` with at most 20 of each code; one more says how many were left out, at the place of the first of them.
 * A file that is wrong in one way forty thousand times is mended in one place.
 */
export function capDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const counts = new Map<DiagnosticCode, number>();
  for (const { code } of diagnostics) counts.set(code, (counts.get(code) ?? 0) + 1);
  const seen = new Map<DiagnosticCode, number>();
  return diagnostics.flatMap((diagnostic) => {
    const { code, severity, at } = diagnostic;
    const number = (seen.get(code) ?? 0) + 1;
    seen.set(code, number);
    const more = counts.get(code)! - maxOfAKind;
    // One line more says as much as the one that it would stand for.
    if (number <= maxOfAKind || more === 1) return [diagnostic];
    if (number > maxOfAKind + 1) return [];
    return [
      { code, severity, message: `and ${more.toLocaleString('en-US')} more of this kind`, more, ...(at && { at }) },
    ];
  });
}
