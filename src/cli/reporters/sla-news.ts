import { slaDisplay } from '../../display/states/sla-display.ts';
import type { RunState, SlaJudgement } from '../../engine/index.ts';
import { type EventLine, runLine } from './event-line.ts';

/** Gives each SLA once when it is found to be at risk, and once when it is missed before the run is over. */
export function createSlaNews(slas: () => readonly SlaJudgement[]): (state: RunState) => readonly SlaJudgement[] {
  const told = new Map<string, SlaJudgement['status']>();
  return ({ phase }) => {
    // The end of the log tells of all of them.
    if (phase.kind === 'finished') return [];
    return slas().filter(({ sla, status }) => {
      if (status !== 'at-risk' && status !== 'missed') return false;
      const before = told.get(sla);
      if (before === status || before === 'missed') return false;
      told.set(sla, status);
      return true;
    });
  };
}

/** `! SLA run at risk: may take 22m10s, limit 20m`. */
export function slaLine({ sla, status, message }: SlaJudgement, { plan }: RunState): EventLine {
  const display = slaDisplay(status, plan.pipeline.slas.onMiss);
  return runLine(display, [`SLA ${sla} ${display.word}: ${message}`]);
}
