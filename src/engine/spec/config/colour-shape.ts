import { didYouMean } from '../../model/text/did-you-mean.ts';
import type { TextColour } from '../../model/text/text-look.ts';
import { reportType, reportValue, type Shape } from '../schema/shape.ts';

/** The sixteen that every terminal has, as terminals number them. */
const names: readonly string[] = [
  'black',
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'white',
  'gray',
  'bright-red',
  'bright-green',
  'bright-yellow',
  'bright-blue',
  'bright-magenta',
  'bright-cyan',
  'bright-white',
];

const otherNames: Readonly<Record<string, string>> = {
  grey: 'gray',
  'bright-black': 'gray',
  purple: 'magenta',
  pink: 'bright-magenta',
  orange: '#ff8700',
};

const wanted = 'the name of a colour, or "#rrggbb"';

/** A colour of the terminal by its name, or any other as `#rrggbb`. */
export const colour: Shape<TextColour> = {
  schema: {
    anyOf: [
      { enum: names },
      {
        type: 'string',
        pattern: '^#[0-9A-Fa-f]{6}$',
        patternErrorMessage: `must be ${wanted}`,
        examples: ['#005faf'],
      },
    ],
  },
  read: (node, label, report) => {
    if (node.kind === 'empty')
      return reportValue(
        report,
        node,
        `${label} has no value`,
        'put "#rrggbb" in quotes: without them a # begins a comment',
      );
    if (node.kind !== 'scalar') return reportType(report, node, label, wanted);
    const at = names.indexOf(node.text);
    if (at >= 0) return at;
    if (/^#[0-9A-Fa-f]{6}$/.test(node.text)) return rgbOf(node.text);
    return reportValue(report, node, `${label} must be ${wanted}, not "${node.text}"`, hintFor(node.text));
  },
};

function rgbOf(text: string): readonly [number, number, number] {
  const value = Number.parseInt(text.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function hintFor(text: string): string {
  const [, short, long] = /^#?(?:([0-9a-f]{3})|([0-9a-f]{6}))$/i.exec(text) ?? [];
  if (short !== undefined) return `write "#${[...short].map((digit) => digit + digit).join('')}"`;
  if (long !== undefined) return `write "#${long}"`;
  const meant = otherNames[text.toLowerCase()] ?? didYouMean(text, names);
  return meant === undefined ? `names are: ${names.join(', ')}` : `did you mean "${meant}"?`;
}
