import type { Diagnostic } from '../../../../src/engine/model/diagnostic.ts';
import { planPipeline } from '../../../../src/engine/pipeline/plan-pipeline.ts';

/** The mistakes of a pipeline file, each as `code line:col message`. */
export function diagnosticsOf(text: string): readonly string[] {
  const { plan, diagnostics } = planPipeline(text, 'pipeline.yaml');
  if (plan !== undefined && diagnostics.some(({ severity }) => severity === 'error')) {
    throw new Error('a file with mistakes has a plan');
  }
  return diagnostics.map(formatDiagnostic);
}

export function formatDiagnostic({ code, at, message }: Diagnostic): string {
  return `${code} ${at?.line}:${at?.col} ${message}`;
}
