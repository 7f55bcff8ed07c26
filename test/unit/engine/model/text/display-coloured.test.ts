import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lookCode } from '../../../../../src/display/look/look-code.ts';
import { displayColoured, displayLines } from '../../../../../src/engine/model/text/display-text.ts';
import type { TextLook } from '../../../../../src/engine/model/text/text-look.ts';

const esc = '\x1b';

/** What may stand in a sequence of ours. */
const code = '(?:[12]|(?:[349]|10)[0-7]|[34]8;5;\\d{1,3}|[34]8;2(?:;\\d{1,3}){3})';

/** The line as a terminal with all colours gets it. */
function painted(line: string, depth: 1 | 2 | 3 = 3): string {
  const { text, looks } = displayColoured(line);
  let shown = text.slice(0, looks[0]?.at);
  for (const [index, { at, look }] of looks.entries()) {
    const open = lookCode(look, depth);
    const part = text.slice(at, looks[index + 1]?.at);
    shown += open === '' || part === '' ? part : `${open}${part}${esc}[0m`;
  }
  return shown;
}

describe('a line of output in colours', () => {
  test.each<readonly [string, string, string]>([
    ['a colour', `a${esc}[31mred${esc}[0mb`, `a${esc}[31mred${esc}[0mb`],
    ['a short reset', `${esc}[31mred${esc}[mb`, `${esc}[31mred${esc}[0mb`],
    ['a colour that is never ended', `a${esc}[31mred`, `a${esc}[31mred${esc}[0m`],
    ['weight', `${esc}[1mbold${esc}[22m${esc}[2mdim`, `${esc}[1mbold${esc}[0m${esc}[2mdim${esc}[0m`],
    ['colours of both kinds', `${esc}[93;44mx${esc}[39my`, `${esc}[93;44mx${esc}[0m${esc}[44my${esc}[0m`],
    ['one of 256', `${esc}[38;5;208mx`, `${esc}[38;5;208mx${esc}[0m`],
    ['red, green and blue', `${esc}[48;2;1;2;3mx`, `${esc}[48;2;1;2;3mx${esc}[0m`],
    ['colons', `${esc}[38:2::255:0:9mx`, `${esc}[38;2;255;0;9mx${esc}[0m`],
    ['colons without a space', `${esc}[38:5:9;1mx`, `${esc}[1;91mx${esc}[0m`],
    ['a number that does not exist', `${esc}[38;5;999mx`, 'x'],
    ['one beside a good one', `${esc}[38;5;999;1mx`, `${esc}[1mx${esc}[0m`],
    ['a colour without its end', `${esc}[38mx${esc}[38;2;1mx`, 'xx'],
    ['negative and broken numbers', `${esc}[38;2;-1;0;0mx${esc}[31.5mx`, '1;0;0mx5mx'],
    ['10,000 parameters', `${esc}[${'31;'.repeat(10_000)}1mx`, 'x'],
    ['very long parameters', `${esc}[${'1'.repeat(500)}mx`, 'x'],
    ['what is no colour', `${esc}[3;4;5;6;7;8;9;21;51mx${esc}[10;73mx`, 'xx'],
    ['concealed text', `${esc}[8mx${esc}[30;40my`, 'xy'],
    ['other sequences', `${esc}[2J${esc}[1;1H${esc}[?25l${esc}[>4;2m${esc}[31 mx`, 'x'],
    ['a title inside of a colour', `${esc}[31${esc}]0;owned\x07mx`, 'mx'],
    ['a link in colours', `${esc}[31m${esc}]8;;https://x.org${esc}\\t${esc}]8;;${esc}\\`, `${esc}[31mt${esc}[0m`],
    ['a colour in C1', 'a\x9b31mred', 'ared'],
    ['a colour cut off', `a${esc}[3`, 'a'],
    ['a line written over', `${esc}[31mold\rnew`, 'new'],
    ['tabs', `${esc}[32ma\tb`, `${esc}[32ma       b${esc}[0m`],
  ])('%s', (_, line, shown) => {
    expect(painted(line)).toBe(shown);
  });

  test('has exactly the text that it has without them, and nothing else passes', () => {
    const pieces = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(
        `${esc}[`,
        `${esc}]`,
        `${esc}P`,
        '\x07',
        '\x9b',
        'm',
        ';',
        ':',
        '31',
        '38;5;',
        '999',
        '2;1;2;3',
        '\r',
      ),
      fc.array(fc.integer({ min: -3, max: 300 }), { maxLength: 40 }).map((codes) => `${esc}[${codes.join(';')}m`),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), fc.constantFrom(1, 2, 3), (parts, depth) => {
        const line = parts.join('').replaceAll('\n', '');
        const { text, looks } = displayColoured(line);
        expect(text).toBe(displayLines(line)[0] ?? '');
        const own = new RegExp(`${esc}\\[${code}(?:;${code})*m`, 'g');
        const rest = painted(line, depth as 1 | 2 | 3)
          .replace(own, '')
          .replaceAll(`${esc}[0m`, '');
        expect(rest).toBe(text);
        expect(looks.every(({ at }, index) => at <= text.length && (index === 0 || at > looks[index - 1]!.at))).toBe(
          true,
        );
      }),
      { numRuns: 2000 },
    );
  });

  test('of very many colours is drawn with the first thousand', () => {
    const line = Array.from({ length: 5000 }, (_, index) => `${esc}[3${index % 8}mx`).join('');
    const { text, looks } = displayColoured(line);
    expect(text).toBe('x'.repeat(5000));
    expect(looks).toHaveLength(1000);
    expect(looks.at(-1)!.look).toEqual({});
  });
});

test.each<readonly [TextLook, string, string]>([
  [{ fore: 208 }, '38;5;208', '33'],
  [{ fore: [255, 0, 0] }, '38;5;196', '91'],
  [{ back: [9, 9, 9] }, '48;5;232', '40'],
  [{ fore: 3, back: [0, 0, 250] }, '33;48;5;21', '33;44'],
  [{ fore: [250, 250, 250], weight: 'bold' }, '1;38;5;231', '1;97'],
])('%j becomes the nearest colours of a terminal that has 256, or 16', (look, of256, of16) => {
  expect(lookCode(look, 2)).toBe(`${esc}[${of256}m`);
  expect(lookCode(look, 1)).toBe(`${esc}[${of16}m`);
  expect(lookCode(look, 0)).toBe('');
});
