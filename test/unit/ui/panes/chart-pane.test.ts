import { describe, expect, test } from 'vitest';
import { chartPane } from '../../../../src/ui/panes/charts/chart-pane.ts';
import type { Meter } from '../../../../src/ui/panes/charts/meter.ts';
import { sparkline } from '../../../../src/ui/primitives/sparkline.ts';
import { createTheme } from '../../../../src/ui/theme.ts';
import { metersOf } from '../support/half-way-run.ts';
import { plain } from '../support/plain.ts';

const unicode = createTheme({ colour: true, unicode: true });
const ascii = createTheme({ colour: true, unicode: false });
const [cpu, memory] = metersOf(60) as readonly [Meter, Meter];

function draw(meter: Meter, width: number, height: number, theme = unicode): string {
  return plain(chartPane(meter, { digit: 3, width, height, focused: false, zoomed: false }, theme));
}

describe('a chart', () => {
  test('is a line with an axis and the limit where there is room', () => {
    expect(draw(cpu, 44, 12)).toMatchInlineSnapshot(`
      "╭ 3 CPU ────────────────────────────── 57% ╮
      │ 100 ┤                                    │
      │     ┤                                    │
      │  80 ┤╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌│
      │     ┤     ╭──────╮              ╭──────╮ │
      │     ┤   ╭─╯      ╰─╮          ╭─╯      ╰─│
      │  50 ┤  ╭╯          ╰╮        ╭╯          │
      │     ┤╭─╯            ╰─╮    ╭─╯           │
      │     ┤╯                ╰────╯             │
      │     ┤                                    │
      │   0 ┤                                    │
      ╰─────────────────────────────── limit 80% ╯"
    `);
    expect(draw(memory, 44, 9, ascii)).toMatchInlineSnapshot(`
      "+ 3 Memory --------------------------- 54% +
      | 100 +                                    |
      |  85 +------------------------------------|
      |     +                                    |
      |  50 +------------------------------------|
      |     +                                    |
      |     +                                    |
      |   0 +                                    |
      + 3.9 of 7.8 GB ---------------- limit 85% +"
    `);
  });

  test('is an area in braille in less space, or of .:| in ASCII', () => {
    expect(draw(cpu, 24, 7)).toMatchInlineSnapshot(`
      "╭ 3 CPU ────────── 57% ╮
      │                      │
      │       ⣠⣤⣤⡀       ⣠⣤⣤⡀│
      │⣄    ⢀⣴⣿⣿⣿⣷⣄    ⢀⣼⣿⣿⣿⣷│
      │⣿⣦⣀⢀⣠⣾⣿⣿⣿⣿⣿⣿⣦⣀⢀⣠⣾⣿⣿⣿⣿⣿│
      │⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿│
      ╰─────────── limit 80% ╯"
    `);
    expect(draw(cpu, 24, 6, ascii)).toMatchInlineSnapshot(`
      "+ 3 CPU ---------- 57% +
      |                      |
      |             .::|||::.|
      ||:..     ..:|||||||||||
      ||||||||||||||||||||||||
      +----------- limit 80% +"
    `);
  });

  test('begins at the right edge, and leaves unmeasured time empty', () => {
    expect(draw({ ...cpu, samples: [10, Number.NaN, 90] }, 30, 9)).toMatchInlineSnapshot(`
      "╭ 3 CPU ──────────────── 90% ╮
      │ 100 ┤                      │
      │  80 ┤╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╭─│
      │     ┤                    │ │
      │  50 ┤                    │ │
      │     ┤                    │ │
      │     ┤                   ─╯ │
      │   0 ┤                      │
      ╰──────── over the limit 80% ╯"
    `);
    expect(draw({ ...cpu, samples: [100] }, 30, 9)).toMatchInlineSnapshot(`
      "╭ 3 CPU ─────────────── 100% ╮
      │ 100 ┤                     ─│
      │  80 ┤╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌│
      │     ┤                      │
      │  50 ┤                      │
      │     ┤                      │
      │     ┤                      │
      │   0 ┤                      │
      ╰──────── over the limit 80% ╯"
    `);
    expect(draw({ ...cpu, samples: [] }, 30, 4)).toMatchInlineSnapshot(`
      "╭ 3 CPU ────────────────── - ╮
      │ not measured yet           │
      │                            │
      ╰───────────────── limit 80% ╯"
    `);
  });

  test('of a flat series keeps its scale', () => {
    expect(draw({ ...cpu, samples: new Array(40).fill(50) }, 30, 9)).toMatchInlineSnapshot(`
      "╭ 3 CPU ──────────────── 50% ╮
      │ 100 ┤                      │
      │  80 ┤╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌│
      │     ┤                      │
      │  50 ┤──────────────────────│
      │     ┤                      │
      │     ┤                      │
      │   0 ┤                      │
      ╰───────────────── limit 80% ╯"
    `);
    expect(draw({ ...cpu, samples: new Array(40).fill(0) }, 20, 5)).toMatchInlineSnapshot(`
      "╭ 3 CPU ─────── 0% ╮
      │                  │
      │                  │
      │⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀│
      ╰─────── limit 80% ╯"
    `);
  });

  test('says when its limit is exceeded', () => {
    expect(draw({ ...cpu, samples: [70, 91] }, 30, 4)).toContain('over the limit 80%');
  });
});

describe('a sparkline', () => {
  test('has the latest values, eight heights, and blanks for what is not a number', () => {
    expect(sparkline([0, 15, 40, Number.NaN, 60, 99, 100], 6, 100, unicode)).toBe('▂▄ ▅██');
    expect(sparkline([50], 4, 100, unicode)).toBe('   ▅');
    expect(sparkline([0, 50, 100], 3, 100, ascii)).toBe('_=#');
    expect(sparkline([], 3, 0, unicode)).toBe('   ');
  });
});
