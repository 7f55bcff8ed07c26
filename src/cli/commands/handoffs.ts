import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { formatDuration } from '../../display/format/format-duration.ts';
import {
  closeHandoff,
  type Diagnostic,
  displayText,
  findHandoff,
  findPipeline,
  listHandoffs,
  planPipeline,
  type StoredHandoff,
} from '../../engine/index.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes } from '../exit-code.ts';
import type { DisplayOptions, Invocation } from '../invocation.ts';
import { safeJson } from '../output/safe-json.ts';
import { shownPath } from '../output/shown-path.ts';
import { createStyle, type Style } from '../output/style.ts';
import { tableLines } from '../output/table.ts';

type HandoffOptions = DisplayOptions & { readonly directory?: string };
export type ListHandoffsOptions = HandoffOptions & { readonly all?: true; readonly json?: true };
export type CloseHandoffOptions = HandoffOptions & { readonly note?: string };

/** The hand-offs that wait for somebody, the newest last. */
export async function list(options: ListHandoffsOptions, invocation: Invocation): Promise<number> {
  const { out, err, env, cwd } = invocation;
  const directory = directoryOf(options, invocation);
  const { handoffs, unreadable } = await listHandoffs(
    directory,
    options.all === true ? ['done', 'active'] : ['active'],
  );
  if (options.json === true) out.write(`${safeJson(handoffs.map(jsonRow), 2)}\n`);
  else if (handoffs.length === 0) {
    const which = options.all === true ? 'hand-offs' : 'active hand-offs';
    err.write(`no ${which} in ${displayText(shownPath(directory, cwd))}\n`);
  } else {
    const style = createStyle({ ...options, env, isTerminal: out.isTerminal });
    out.write(`${listLines(handoffs, options, cwd, style).join('\n')}\n`);
  }
  // That another file cannot be read is no failure of a list.
  const warnings = unreadable.map((mistake): Diagnostic => ({ ...mistake, severity: 'warning' }));
  showDiagnostics(warnings, options, invocation);
  return exitCodes.success;
}

/** Closes a hand-off: somebody has done what it asked for. */
export async function close(named: string, options: CloseHandoffOptions, invocation: Invocation): Promise<number> {
  const directory = directoryOf(options, invocation);
  const name = await findHandoff(directory, named);
  if (!name.ok) return showDiagnostics([name.error], options, invocation);
  const closing = { at: new Date().toISOString(), by: userName(), note: options.note ?? null };
  const closed = await closeHandoff(directory, name.value, closing);
  if (!closed.ok) return showDiagnostics([closed.error], options, invocation);
  invocation.out.write(`closed: ${displayText(shownPath(closed.value, invocation.cwd))}\n`);
  return exitCodes.success;
}

/** As the pipeline that is found from here says, even when there are mistakes elsewhere in its file. */
function directoryOf({ directory }: HandoffOptions, { cwd }: Invocation): string {
  if (directory !== undefined) return resolve(cwd, directory);
  const found = findPipeline(undefined, cwd);
  if (!found.ok) return resolve(cwd, 'handoffs');
  const { projectDir, text, file, readIncluded } = found.value;
  const { spec } = planPipeline(text, file, {}, undefined, readIncluded);
  return resolve(projectDir, spec?.handoffs?.directory ?? 'handoffs');
}

function listLines(
  handoffs: readonly StoredHandoff[],
  { all }: ListHandoffsOptions,
  cwd: string,
  style: Style,
): readonly string[] {
  const head = ['type', 'to', 'urgency', 'subject', 'age', ...(all === true ? ['state'] : []), 'file'];
  const rows = handoffs.map(({ document, subject, state, path }) => [
    textOf(document['handoff']),
    textOf(document['to']),
    textOf(document['urgency']),
    textOf(subject),
    ageOf(document['created_at']),
    ...(all === true ? [state] : []),
    displayText(shownPath(path, cwd)),
  ]);
  const [first = '', ...lines] = tableLines([head, ...rows], [head.indexOf('age')]);
  return [style.paint.dim(first), ...lines];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? displayText(value) : '-';
}

function ageOf(createdAt: unknown): string {
  const at = typeof createdAt === 'string' ? Date.parse(createdAt) : Number.NaN;
  return Number.isNaN(at) ? '-' : formatDuration(Date.now() - at);
}

function jsonRow({ name, state, path, subject, document }: StoredHandoff) {
  return { name, state, file: path, subject, document };
}

/** A user without a name has a number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.geteuid?.() ?? 'unknown');
  }
}
