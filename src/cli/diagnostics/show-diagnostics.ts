import { type Diagnostic, displayText } from '../../engine/index.ts';
import { exitCodes } from '../exit-code.ts';
import type { DisplayOptions, Invocation } from '../invocation.ts';
import type { Output } from '../output/output.ts';
import { createStyle } from '../output/style.ts';
import { type PrintOptions, printDiagnostics } from './print-diagnostic.ts';

const usualColumns = 100;
/** The gutter with the line number. */
const gutterColumns = 8;

/** Prints mistakes where people read them, and returns the exit code that belongs to the first error. */
export function showDiagnostics(
  diagnostics: readonly Diagnostic[],
  display: DisplayOptions,
  { err, env }: Invocation,
  sources: PrintOptions['sources'] = new Map(),
): number {
  if (diagnostics.length > 0) err.write(printDiagnostics(diagnostics, printOptions(err, display, env, sources)));
  const error = diagnostics.find(({ severity }) => severity === 'error');
  return error === undefined ? exitCodes.success : exitCodeOfDiagnostic(error);
}

/** Prints what takes long before a run begins. */
export function progressTo(output: Output): (line: string) => void {
  return (line) => output.write(`${displayText(line)}\n`);
}

export function printOptions(
  output: Output,
  display: DisplayOptions,
  env: Invocation['env'],
  sources: PrintOptions['sources'],
): PrintOptions {
  return {
    style: createStyle({ ...display, env, isTerminal: output.isTerminal }),
    sources,
    columns: Math.max(20, (output.columns ?? usualColumns) - gutterColumns),
  };
}

/** Mistakes of the file and of the call are usage; what the machine lacks is a precondition. */
function exitCodeOfDiagnostic({ code }: Diagnostic): number {
  return /^(?:database|run|queue|slurm)\//.test(code) ? exitCodes.precondition : exitCodes.usage;
}
