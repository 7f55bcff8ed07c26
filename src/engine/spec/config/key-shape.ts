import { didYouMean } from '../../model/text/did-you-mean.ts';
import { either } from '../schema/either-shape.ts';
import { namesOf } from '../schema/list-shapes.ts';
import type { LocatedText } from '../schema/scalar-shapes.ts';
import { isNull, reportType, reportValue, type Shape } from '../schema/shape.ts';

/** Keys of more than one letter, as they are written. */
const namedKeys = [
  'Up',
  'Down',
  'Left',
  'Right',
  'PageUp',
  'PageDown',
  'Home',
  'End',
  'Enter',
  'Tab',
  'Shift+Tab',
  'Space',
  'Backspace',
] as const;

/** Terminals send the same for these as for a key that has a name. */
const sameAsOthers: Readonly<Record<string, string>> = {
  'Ctrl+H': 'Backspace',
  'Ctrl+I': 'Tab',
  'Ctrl+J': 'Enter',
  'Ctrl+M': 'Enter',
};

/** Keys that do the same for everybody, so that there is always a way out. */
const fixedKeys: Readonly<Record<string, string>> = {
  Esc: 'always goes one step back',
  'Ctrl+C': 'always cancels the run and quits',
};

const otherNames: Readonly<Record<string, string>> = {
  return: 'Enter',
  ' ': 'Space',
  spacebar: 'Space',
  pgup: 'PageUp',
  pgdn: 'PageDown',
  pgdown: 'PageDown',
  arrowup: 'Up',
  arrowdown: 'Down',
  arrowleft: 'Left',
  arrowright: 'Right',
  backtab: 'Shift+Tab',
};

const wanted = 'a key, such as x, Ctrl+R, Space or PageDown';

/** One key that terminals send: a character, Ctrl with a letter, or a key with a name. */
const key: Shape<LocatedText> = {
  schema: {
    anyOf: [
      {
        type: 'string',
        pattern: `^(?:[^\\s\\p{C}\\p{M}]|Ctrl\\+[A-BD-GK-LN-Z]|${namedKeys.join('|').replace('+', '\\+')})$`,
        patternErrorMessage: `must be ${wanted}`,
        examples: ['x', 'Ctrl+R', 'Space', 'PageDown'],
      },
      { type: 'integer', minimum: 0, maximum: 9 },
    ],
  },
  read: (node, label, report) => {
    if (node.kind === 'scalar' && node.plain && node.text === '~')
      return reportValue(report, node, 'a ~ without quotes means nothing at all', 'put it in quotes: "~"');
    if (node.kind !== 'scalar' || isNull(node)) return reportType(report, node, label, wanted);
    const { text, start, end } = node;
    const fixed = fixedKeys[text];
    if (fixed !== undefined) return reportValue(report, node, `${text} cannot be chosen: it ${fixed}`);
    const same = sameAsOthers[text];
    if (same !== undefined)
      return reportValue(report, node, `terminals send the same for ${text} as for ${same}`, `write ${same}`);
    if (isTyped(text)) return { text, start, end };
    return reportValue(report, node, `"${text}" is no key that can be typed in a terminal`, hintFor(text));
  },
};

function isTyped(text: string): boolean {
  return /^[^\s\p{C}\p{M}]$/u.test(text) || /^Ctrl\+[A-Z]$/.test(text) || namedKeys.some((name) => name === text);
}

function hintFor(text: string): string {
  const [, letter] = /^(?:<?c|\^|ctrl|control)[-+]?([a-z])>?$/i.exec(text) ?? [];
  const control = letter === undefined ? undefined : `Ctrl+${letter.toUpperCase()}`;
  if (control !== undefined && sameAsOthers[control] === undefined && fixedKeys[control] === undefined)
    return `did you mean "${control}"?`;
  const meant = otherNames[text.toLowerCase()] ?? didYouMean(text, namedKeys);
  if (meant !== undefined) return `did you mean "${meant}"?`;
  return /^(?:alt|meta|option|cmd|super|f\d)/i.test(text)
    ? 'function keys and keys with Alt or Cmd do not arrive alike from all terminals; take a character or Ctrl with a letter'
    : `it takes a character, Ctrl with a letter, or one of: ${namedKeys.join(', ')}`;
}

/** One key or several; none takes the action off the keyboard. */
export const keys: Shape<readonly LocatedText[]> = (() => {
  const shape = either({
    wanted: 'a key, or a list of keys',
    text: key,
    list: namesOf(key, { wanted: 'a list of keys', each: 'each key' }),
  });
  return {
    schema: shape.schema,
    read: (node, label, report) => {
      const read = shape.read(node, label, report);
      return read === undefined || 'text' in read ? read && [read as LocatedText] : (read as readonly LocatedText[]);
    },
  };
})();
