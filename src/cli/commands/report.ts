import { resolve } from 'node:path';
import { displayText, type EpochMs, formatSize, runDetails } from '../../engine/index.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes } from '../exit-code.ts';
import type { Invocation } from '../invocation.ts';
import { shownPath } from '../output/shown-path.ts';
import { writeWholeFile } from '../output/write-whole-file.ts';
import { reportPage } from '../report/report-page.ts';
import { shownOutput } from '../report/sections/failures-section.ts';
import { lastOutput } from '../stored-runs/last-output.ts';
import { namedRun, refuse, type StoredRunOptions } from '../stored-runs/stored-runs.ts';

export type ReportOptions = Omit<StoredRunOptions, 'json'> & { readonly html: string };

/** Writes a page that tells how a run went, for people who have no etl-tui at hand. */
export async function report(named: string, options: ReportOptions, invocation: Invocation): Promise<number> {
  const { out, cwd } = invocation;
  const found = await namedRun(named, options, invocation);
  if (typeof found === 'number') return found;
  const read = await runDetails(found.logDir, found.run, Date.now() as EpochMs);
  if (!read.ok) return refuse(read.error, options, invocation);
  const details = read.value;
  showDiagnostics(details.report.notices, options, invocation);
  const shown = (path: string) => shownPath(path, cwd);
  const page = reportPage({ ...details, output: await lastOutput(details.report, shownOutput), shown });
  const path = resolve(cwd, options.html);
  const written = writeWholeFile(path, page);
  if (!written.ok) return showDiagnostics([written.error], options, invocation);
  out.write(`run ${found.run}: ${displayText(shown(path))} (${formatSize(Buffer.byteLength(page))})\n`);
  return exitCodes.success;
}
