import { verdictDisplays } from '../../../display/states/check-display.ts';
import { conditionMeanings, severityMeanings, verdictMeanings } from '../../../display/states/legend.ts';
import { conditions, taskDisplay } from '../../../display/states/task-display.ts';
import { keyOf } from '../../bound-keys.ts';
import { type Line, styled } from '../../primitives/line.ts';
import { textWidth } from '../../primitives/text/text-width.ts';
import { boldSeverityStyles, type Style, severityStyles, type Theme } from '../../theme.ts';

type Sign = { readonly sign: string; readonly style: Style; readonly meaning: string };

/** What all signs on the screen mean, by section; as many in every theme. */
export function legend(theme: Theme): readonly { readonly heading: string; readonly signs: readonly Sign[] }[] {
  return [
    { heading: 'Signs of tasks', signs: taskSigns(theme) },
    { heading: 'Signs of checks', signs: checkSigns(theme) },
    { heading: 'Marks', signs: marks(theme) },
    { heading: 'Severities', signs: severities() },
  ];
}

/** The same as lines, each section with its heading. */
export function legendSections(theme: Theme): readonly (readonly Line[])[] {
  return legend(theme).map(({ heading, signs }) => linesOf(heading, signs));
}

function linesOf(heading: string, signs: readonly Sign[]): readonly Line[] {
  const width = signs.reduce((widest, { sign }) => Math.max(widest, textWidth(sign)), 0) + 2;
  return [
    [styled(` ${heading}`, 'bold')],
    ...signs.map(({ sign, style, meaning }): Line => {
      return [styled('   '), styled(sign, style), styled(`${' '.repeat(width - textWidth(sign))}${meaning}`)];
    }),
  ];
}

/** Conditions that look the same have one line. */
function taskSigns({ icons }: Theme): readonly Sign[] {
  const signs = new Map<string, Sign>();
  for (const condition of conditions) {
    const { icon, severity } = taskDisplay(condition);
    const key = `${icon} ${severity}`;
    const meaning = conditionMeanings[condition];
    const before = signs.get(key);
    signs.set(key, {
      sign: icons[icon],
      style: severityStyles[severity],
      meaning: before === undefined ? meaning : `${before.meaning}; ${meaning}`,
    });
  }
  return [...signs.values()];
}

function checkSigns({ icons }: Theme): readonly Sign[] {
  return (Object.keys(verdictMeanings) as (keyof typeof verdictMeanings)[]).map((verdict) => {
    const { icon, severity } = verdictDisplays[verdict];
    return { sign: icons[icon], style: severityStyles[severity], meaning: verdictMeanings[verdict] };
  });
}

function marks({ glyphs, icons }: Theme): readonly Sign[] {
  const { unfolded, folded, pointer, mark, sorted, up, down, critical, pause, nowLine, limitLine, ellipsis } = glyphs;
  return [
    { sign: pointer, style: 'plain', meaning: 'the selected row' },
    { sign: mark, style: 'marked', meaning: 'marked with Space: r R s x act on all of them' },
    { sign: `${unfolded} ${folded}`, style: 'dim', meaning: 'a level or matrix, unfolded or folded' },
    { sign: sorted, style: 'warnBold', meaning: 'the column by which the list is sorted' },
    { sign: `${up} ${down}`, style: 'dim', meaning: 'number of rows above or below' },
    { sign: ellipsis, style: 'plain', meaning: 'cut; full text in the detail or the log' },
    { sign: critical, style: 'bold', meaning: 'on the critical path, in the timeline' },
    { sign: pause, style: 'dim', meaning: 'waits, in the timeline' },
    { sign: nowLine, style: 'dim', meaning: 'now, in the timeline' },
    { sign: limitLine, style: 'warn', meaning: 'a limit, in a chart' },
    {
      sign: `${icons.warning}SLA`,
      style: 'warn',
      meaning: `an SLA is at risk or missed; ${keyOf('limits', 'L')} shows which`,
    },
  ];
}

function severities(): readonly Sign[] {
  return (Object.keys(severityMeanings) as (keyof typeof severityMeanings)[]).map((severity) => ({
    sign: severityWords[severity],
    style: boldSeverityStyles[severity],
    meaning: severityMeanings[severity],
  }));
}

const severityWords: Readonly<Record<keyof typeof severityMeanings, string>> = {
  failure: 'failure',
  wrongData: 'wrong data',
  warning: 'warning',
  running: 'running',
  success: 'success',
  muted: 'dim',
};
