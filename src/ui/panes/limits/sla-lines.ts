import { slaDisplay } from '../../../display/states/sla-display.ts';
import { displayText, type RunState, type SlaJudgement } from '../../../engine/index.ts';
import { type Line, styled } from '../../primitives/line.ts';
import { fitText, shortenText } from '../../primitives/text/fit-text.ts';
import { textWidth } from '../../primitives/text/text-width.ts';
import { wrapWords } from '../../primitives/text/wrap-text.ts';
import { iconText } from '../../status/state-icon.ts';
import { severityStyles, type Theme } from '../../theme.ts';

const maxName = 28;
/** A narrower column of sentences is not read: they begin on a line of their own. */
const minSentence = 24;

/** The SLAs of the run, each with its name, how the run stands to it, and what was measured beside its limit. */
export function slaLines(
  slas: readonly SlaJudgement[],
  { plan }: RunState,
  width: number,
  theme: Theme,
): readonly Line[] {
  const rows = slas.map(({ sla, status, message }) => ({
    name: `SLA ${shortenText(displayText(sla), maxName)}`,
    message: displayText(message),
    ...slaDisplay(status, plan.pipeline.slas.onMiss),
  }));
  const names = Math.max(0, ...rows.map(({ name }) => textWidth(name)));
  const words = Math.max(0, ...rows.map(({ word }) => textWidth(word)));
  const indent = names + words + 7;
  const isBeside = width - indent - 1 >= minSentence;
  return rows.flatMap(({ name, word, icon, severity, message }): readonly Line[] => {
    const head = [
      styled(` ${fitText(name, names)}  `, 'dim'),
      styled(`${iconText(icon, theme)} ${fitText(word, words)}`, severityStyles[severity]),
    ];
    const sentence = wrapWords(message, Math.max(1, isBeside ? width - indent - 1 : width - 4));
    if (!isBeside) return [head, ...sentence.map((text): Line => [styled(`   ${text}`)])];
    return sentence.map((text, row) =>
      row === 0 ? [...head, styled(`  ${text}`)] : [styled(' '.repeat(indent) + text)],
    );
  });
}
