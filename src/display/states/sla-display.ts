import type { RunState, SlaJudgement } from '../../engine/index.ts';
import { formatTally } from '../format/format-count.ts';
import type { Display } from './display.ts';

type SlaStatus = SlaJudgement['status'];
type OnMiss = RunState['plan']['pipeline']['slas']['onMiss'];

const displays: Readonly<Record<SlaStatus, Display>> = {
  met: { icon: 'succeeded', word: 'met', severity: 'success' },
  open: { icon: 'waiting', word: 'open', severity: 'muted' },
  'at-risk': { icon: 'warning', word: 'at risk', severity: 'warning' },
  missed: { icon: 'warning', word: 'missed', severity: 'warning' },
  'not-measured': { icon: 'unknown', word: 'not measured', severity: 'muted' },
};

/** How an SLA is shown; one that is missed is a failure only where that makes the run fail. */
export function slaDisplay(status: SlaStatus, onMiss: OnMiss): Display {
  return status === 'missed' && onMiss === 'fail'
    ? { ...displays.missed, icon: 'failed', severity: 'failure' }
    : displays[status];
}

/** `4 met, 1 missed`. */
export function describeSlas(slas: readonly SlaJudgement[]): string {
  const count = (wanted: SlaStatus) => slas.filter(({ status }) => status === wanted).length;
  const order = ['met', 'open', 'at-risk', 'missed', 'not-measured'] as const;
  return formatTally(order.map((status) => [count(status), displays[status].word]));
}

/** For the first row of the screen: `SLA missed`, `2 SLAs at risk`; undefined while all is well. */
export function slaMark(slas: readonly SlaJudgement[], onMiss: OnMiss): Display | undefined {
  for (const status of ['missed', 'at-risk'] as const) {
    const count = slas.filter((sla) => sla.status === status).length;
    const display = slaDisplay(status, onMiss);
    if (count > 0) return { ...display, word: `${count === 1 ? 'SLA' : `${count} SLAs`} ${display.word}` };
  }
  return undefined;
}
