import { type Diagnostic, displayText } from '../../../engine/index.ts';
import type { Invocation } from '../../invocation.ts';
import { annotatedPath } from '../../output/shown-path.ts';

/** GitHub shows no more than ten annotations of a kind for each step of a workflow. */
export const maxAnnotations = 10;

/** A command to the runner of GitHub Actions: `::error file=a.yaml,line=3::message`, and the end of the line. */
export function githubCommand(name: string, properties: Readonly<Record<string, string>>, message: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`);
  return `::${name}${list.length === 0 ? '' : ` ${list.join(',')}`}::${escapeMessage(message)}\n`;
}

/** Annotates what is wrong before a run at its place in the pipeline file. Without a place it belongs to the step. */
export function annotateDiagnostics(diagnostics: readonly Diagnostic[], { out, cwd, env }: Invocation): void {
  for (const kind of ['error', 'warning'] as const) {
    const ofKind = diagnostics.filter(({ severity }) => severity === kind);
    for (const { code, at, message, hint } of ofKind.slice(0, maxAnnotations)) {
      const place = at && {
        file: displayText(annotatedPath(at.file, cwd, env['GITHUB_WORKSPACE'])),
        line: String(at.line),
        col: String(at.col),
      };
      const text = hint === undefined ? message : `${message}; ${hint}`;
      out.write(githubCommand(kind, { title: code, ...place }, displayText(text)));
    }
  }
}

function escapeMessage(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
