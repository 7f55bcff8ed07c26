import { formatCount } from '../../display/format/format-count.ts';
import { taskCountJson, taskCountText } from '../../display/task-count-text.ts';
import {
  type Diagnostic,
  displayText,
  type EpochMs,
  findPipeline,
  maskDiagnostics,
  type Plan,
  planPipeline,
  resolveParams,
} from '../../engine/index.ts';
import { countDiagnostics, printDiagnostics } from '../diagnostics/print-diagnostic.ts';
import { printOptions, showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes } from '../exit-code.ts';
import type { DisplayOptions, Invocation } from '../invocation.ts';
import { limitMemory } from '../limit-memory.ts';
import { safeJson } from '../output/safe-json.ts';

export type ValidateOptions = DisplayOptions & { readonly format: 'text' | 'json' };

/** Prints every mistake of a pipeline file; they are the result, so they go to standard output. */
export async function validate(
  given: string | undefined,
  options: ValidateOptions,
  invocation: Invocation,
): Promise<number> {
  const { out, cwd, env } = invocation;
  const found = findPipeline(given, cwd);
  if (!found.ok) {
    if (options.format === 'json') out.write(jsonReport(given, [found.error]));
    else showDiagnostics([found.error], options, invocation);
    return exitCodes.usage;
  }
  const { file, text, readIncluded } = found.value;
  limitMemory(text);
  // What a run without other parameters would be refused for is a mistake of the file too.
  const { plan, spec, included, ...planned } = planPipeline(text, file, {}, undefined, readIncluded, (read) =>
    resolveParams(read, new Map(), Date.now() as EpochMs, 'left-out'),
  );
  const read = new Map([[file, text], ...included.map((one) => [one.file, one.text] as const)]);
  const { diagnostics, texts } = maskDiagnostics(planned.diagnostics, read, env, new Map());
  if (options.format === 'json') out.write(jsonReport(file, diagnostics, plan));
  else {
    const printing = printOptions(out, options, env, texts);
    out.write(printDiagnostics(diagnostics, printing));
    const { paint, icons } = printing.style;
    const shown = displayText(file);
    if (plan === undefined || spec === undefined) {
      out.write(`\n${paint.red(icons.failed)} ${shown}: ${countDiagnostics(diagnostics)}\n`);
    } else {
      const holds = [
        taskCountText(plan.pipeline.tasks),
        ...(spec.checks.length > 0 ? [formatCount(spec.checks.length, 'check')] : []),
      ];
      const warned = diagnostics.length > 0 ? `, ${countDiagnostics(diagnostics)}` : '';
      out.write(
        `${diagnostics.length > 0 ? '\n' : ''}${paint.green(icons.succeeded)} ${shown} is valid: ${holds.join(', ')}${warned}\n`,
      );
    }
  }
  return diagnostics.some(({ severity }) => severity === 'error') ? exitCodes.usage : exitCodes.success;
}

function jsonReport(file: string | undefined, diagnostics: readonly Diagnostic[], plan?: Plan): string {
  const valid = diagnostics.every(({ severity }) => severity !== 'error');
  const counts = plan === undefined ? {} : { counts: taskCountJson(plan.pipeline.tasks) };
  return `${safeJson({ file: file ?? null, valid, ...counts, diagnostics }, 2)}\n`;
}
