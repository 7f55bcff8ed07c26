/** A colour: one of the palette's 256, of which the first sixteen are the user's own, or red, green and blue. */
export type TextColour = number | readonly [red: number, green: number, blue: number];

/** What a program may say of the look of its text: colour and weight. */
export type TextLook = {
  readonly fore?: TextColour;
  readonly back?: TextColour;
  readonly weight?: 'bold' | 'dim';
};

export const plainLook: TextLook = {};

export function sameLook(one: TextLook, other: TextLook): boolean {
  return one.weight === other.weight && sameColour(one.fore, other.fore) && sameColour(one.back, other.back);
}

function sameColour(one: TextColour | undefined, other: TextColour | undefined): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') return one === other;
  return one.every((part, at) => part === other[at]);
}

/** Terminals take about as many; with more it is no colour that somebody meant. */
const maxParameters = 32;

/**
 * The look behind an SGR sequence. Underline, blinking, inverse, concealed text and everything else is left out, and so is a
 * sequence with numbers that do not exist.
 * @param parameters what stands between `ESC [` and `m`: digits, `;` and `:`
 */
export function applySgr(look: TextLook, parameters: string): TextLook {
  // As many characters as that many parameters may have.
  if (parameters.length > maxParameters * 4) return look;
  const groups = parameters.split(';');
  if (groups.length > maxParameters) return look;
  let next = look;
  for (let at = 0; at < groups.length; at += 1) {
    const group = groups[at]!;
    if (group.includes(':')) {
      next = withExtended(next, group.split(':'), colonColour);
      continue;
    }
    const code = group === '' ? 0 : Number(group);
    if (code === 38 || code === 48) {
      const length = groups[at + 1] === '2' ? 5 : 3;
      next = withExtended(next, groups.slice(at, at + length), ([, kind, ...rest]) => colourOf(kind, rest));
      at += length - 1;
    } else next = withCode(next, code);
  }
  return next;
}

function withCode(look: TextLook, code: number): TextLook {
  if (code === 0) return plainLook;
  if (code === 1) return { ...look, weight: 'bold' };
  if (code === 2) return { ...look, weight: 'dim' };
  if (code === 22) return without(look, 'weight');
  if (code === 39) return without(look, 'fore');
  if (code === 49) return without(look, 'back');
  if (code >= 30 && code <= 37) return { ...look, fore: code - 30 };
  if (code >= 40 && code <= 47) return { ...look, back: code - 40 };
  if (code >= 90 && code <= 97) return { ...look, fore: code - 90 + 8 };
  if (code >= 100 && code <= 107) return { ...look, back: code - 100 + 8 };
  return look;
}

type ReadColour = (fields: readonly string[]) => TextColour | undefined;

function withExtended(look: TextLook, fields: readonly string[], read: ReadColour): TextLook {
  const colour = read(fields);
  if (colour === undefined) return look;
  if (fields[0] === '38') return { ...look, fore: colour };
  return fields[0] === '48' ? { ...look, back: colour } : look;
}

/** `38:5:n`, `38:2:r:g:b` and `38:2:space:r:g:b`. */
function colonColour([, kind, ...rest]: readonly string[]): TextColour | undefined {
  return colourOf(kind, kind === '2' && rest.length > 3 ? rest.slice(1, 4) : rest);
}

function colourOf(kind: string | undefined, fields: readonly string[]): TextColour | undefined {
  const [first, second, third] = fields.map(byteOf);
  if (kind === '5') return first;
  if (kind !== '2' || first === undefined || second === undefined || third === undefined) return undefined;
  return [first, second, third];
}

function byteOf(text: string): number | undefined {
  const value = text === '' ? 0 : Number(text);
  return Number.isInteger(value) && value >= 0 && value <= 255 ? value : undefined;
}

function without(look: TextLook, key: keyof TextLook): TextLook {
  const { [key]: _, ...rest } = look;
  return rest;
}
