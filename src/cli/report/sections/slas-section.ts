import { slaDisplay } from '../../../display/states/sla-display.ts';
import { clip, html } from '../html.ts';
import { type ReportSource, type Section, stateMarkup, table } from '../parts.ts';

const columns = [{ title: 'SLA', kind: 'name' }, { title: 'result' }, { title: 'finding', kind: 'long' }] as const;

/** How the run stood to its SLAs, those that it missed first. */
export function slasSection({ report: { result } }: ReportSource): Section | undefined {
  const { slas = [], verdict } = result;
  if (slas.length === 0) return undefined;
  const onMiss = verdict === 'sla-missed' ? 'fail' : 'warn';
  const missed = slas.filter(({ status }) => status === 'missed');
  const rows = [...missed, ...slas.filter(({ status }) => status !== 'missed')].map(({ sla, status, message }) => [
    sla,
    stateMarkup(slaDisplay(status, onMiss)),
    clip(message),
  ]);
  return { id: 'slas', title: 'SLAs', body: html`${table('SLAs', columns, rows)}` };
}
