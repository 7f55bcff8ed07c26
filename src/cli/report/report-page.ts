import { createHash } from 'node:crypto';
import { clip, html } from './html.ts';
import { type ReportSource, sectionMarkup } from './parts.ts';
import { checksSection } from './sections/checks-section.ts';
import { failuresSection } from './sections/failures-section.ts';
import { headMarkup } from './sections/head-section.ts';
import { notesSection } from './sections/notes-section.ts';
import { resourcesSection } from './sections/resources-section.ts';
import { slasSection } from './sections/slas-section.ts';
import { tasksSection } from './sections/tasks-section.ts';
import { timelineSection } from './sections/timeline-section.ts';
import { slowerSection, trendsSection } from './sections/trends-section.ts';
import { waitsSection } from './sections/waits-section.ts';
import { style } from './style.ts';
import { timeScale } from './time-scale.ts';

const sections = [
  failuresSection,
  notesSection,
  checksSection,
  slasSection,
  slowerSection,
  timelineSection,
  resourcesSection,
  waitsSection,
  tasksSection,
  trendsSection,
] as const;

/**
 * A run as one page of HTML that needs nothing else: no script, no network, no other file. Its policy of content allows
 * its own style and nothing more.
 */
export function reportPage(source: ReportSource): string {
  const { report } = source;
  const { pipeline, run_id: run } = report.result;
  const { endMs, stepMs } = timeScale(source);
  const css = `${style}:root { --step: ${((stepMs / endMs) * 100).toFixed(4)}%; }\n`;
  const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(css).digest('base64')}'; base-uri 'none'; form-action 'none'`;
  const parts = sections.flatMap((section) => section(source) ?? []);
  const links = parts.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`);
  const body = html`<body>
${headMarkup(source)}<nav aria-label="parts of this report"><ul>${links}</ul></nav>
<main>
${parts.map(sectionMarkup)}</main>
<footer>${placesMarkup(source)}</footer>
</body>`;
  const title = html`<title>${clip(pipeline, 100)} ${run}</title>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="etl-tui">
${title.source}
<style>${css}</style>
</head>
${body.source}
</html>
`;
}

/** Where the files of the run are, as of the moment of the report. */
function placesMarkup({ report: { paths, status, missing }, shown }: ReportSource) {
  const isOver = status !== 'running' && status !== 'interrupted' && !missing.includes(paths.result);
  const places = [...(isOver ? [['result', paths.result] as const] : []), ['logs', paths.directory] as const];
  return html`<p>${places.map(([label, path], at) => html`${at > 0 ? ', ' : ''}${label}: <code>${shown(path)}</code>`)}</p>`;
}
