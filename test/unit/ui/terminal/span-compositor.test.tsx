import { EventEmitter } from 'node:events';
import xterm from '@xterm/headless';
import fc from 'fast-check';
import { Box, type BoxProps, render, Text, type TextProps, Transform } from 'ink';
import { createElement, type ReactNode } from 'react';
import { afterAll, describe, expect, test } from 'vitest';
import Output from '../../../../node_modules/ink/build/output.js';
import { composePainted, type Operation } from '../../../../src/ui/terminal/compose-spans.ts';
import { installCompositor } from '../../../../src/ui/terminal/span-compositor.ts';

const columns = 40;
const originalGet = Output.prototype.get;
let composed: readonly string[] | undefined;

// Both see the same frame: Ink's own is shown, and what the spans make of it is noted.
Output.prototype.get = function get(this: Output) {
  const { operations, height } = this as unknown as { operations: readonly Operation[]; height: number };
  composed = composePainted(operations, height);
  return originalGet.call(this);
};

afterAll(() => {
  Output.prototype.get = originalGet;
});

type Frames = { readonly original: string; readonly spans: string | undefined };

function draw(node: ReactNode): Frames {
  let written = '';
  const stdout = Object.assign(new EventEmitter(), {
    columns,
    write: (frame: string) => {
      if (frame !== '') written = frame;
    },
  });
  const ink = render(node, { stdout: stdout as unknown as NodeJS.WriteStream, debug: true, patchConsole: false });
  const spans = composed?.join('\n');
  // Before its end, at which Ink says more where it believes to be in CI.
  const original = written;
  ink.unmount();
  return { original, spans };
}

/** Every cell with its colours, as a terminal shows it. */
async function cells(frame: string): Promise<string> {
  const terminal = new xterm.Terminal({ cols: columns + 20, rows: 24, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(frame.replaceAll('\n', '\r\n'), resolve));
  const shown: string[] = [];
  for (let row = 0; row < terminal.rows; row += 1) {
    for (let column = 0; column < terminal.cols; column += 1) {
      const cell = terminal.buffer.active.getLine(row)!.getCell(column)!;
      const styles = [cell.getFgColor(), cell.getBgColor(), cell.isBold(), cell.isDim(), cell.isInverse()];
      shown.push(`${cell.getChars() || ' '}/${cell.getWidth()}/${styles.join(',')}`);
    }
  }
  terminal.dispose();
  return shown.join('|');
}

const signs = [
  'a',
  'b',
  'Z',
  '0',
  ' ',
  '-',
  'é',
  'ß',
  '…',
  '─',
  '│',
  '█',
  '▃',
  '⠋',
  '✓',
  '日',
  '本',
  '한',
  '😀',
  '👍🏽',
  '\n',
];

const styledText = fc.record(
  {
    children: fc.string({ unit: fc.constantFrom(...signs), maxLength: 24 }),
    wrap: fc.constantFrom('wrap' as const, 'truncate' as const),
    color: fc.constantFrom('red', 'blue', '#ff8800'),
    bold: fc.boolean(),
    inverse: fc.boolean(),
  },
  { requiredKeys: ['children'] },
);

/** As the rows of our panes are: painted lines over blanks, some of them with a colour that nobody ends. */
const paintedLine = fc.record({
  width: fc.integer({ min: 1, max: 12 }),
  end: fc.constantFrom('', '\x1b[39m', '\x1b[0m'),
});

function asText(props: TextProps): ReactNode {
  return <Text {...props} />;
}

function asLine({ width, end }: { readonly width: number; readonly end: string }): ReactNode {
  return (
    <Transform transform={(line) => `\x1b[32m${line.replaceAll(' ', '═')}${end}`}>
      <Text>{' '.repeat(width)}</Text>
    </Transform>
  );
}

function asBox({ props, children }: { readonly props: BoxProps; readonly children: readonly ReactNode[] }): ReactNode {
  return createElement(Box, props, ...children.map((child) => createElement(Box, { flexShrink: 1 }, child)));
}

const boxProps: fc.Arbitrary<BoxProps> = fc.record(
  {
    flexDirection: fc.constantFrom('row', 'column'),
    borderStyle: fc.constantFrom('single', 'round', 'classic'),
    borderColor: fc.constantFrom('cyan', 'yellow'),
    width: fc.integer({ min: 1, max: 30 }),
    height: fc.integer({ min: 1, max: 6 }),
    padding: fc.integer({ min: 0, max: 2 }),
    marginLeft: fc.integer({ min: -2, max: 3 }),
    marginTop: fc.integer({ min: -1, max: 2 }),
    gap: fc.integer({ min: 0, max: 2 }),
    flexGrow: fc.integer({ min: 0, max: 1 }),
    overflow: fc.constantFrom('visible', 'hidden'),
    backgroundColor: fc.constantFrom(undefined, undefined, undefined, 'green'),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<BoxProps>;
const { tree } = fc.letrec<{ tree: ReactNode }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    styledText.map(asText),
    paintedLine.map(asLine),
    fc.record({ props: boxProps, children: fc.array(tie('tree'), { maxLength: 4 }) }).map(asBox),
  ),
}));

describe('a frame composed from spans', () => {
  test('equals that of Ink, cell by cell', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(tree, async (node) => {
        const { original, spans } = draw(node);
        if (spans === undefined) return;
        compared += 1;
        if ((await cells(spans)) !== (await cells(original))) expect(spans).toBe(original);
      }),
      { numRuns: 300 },
    );
    // Most frames are of this kind; nothing would be proved otherwise.
    expect(compared).toBeGreaterThan(150);
  });

  test('is left to Ink when texts overlap, or have a background', () => {
    const covering = (
      <Box>
        <Text>above</Text>
        <Box marginLeft={-3}>
          <Text>below</Text>
        </Box>
      </Box>
    );
    expect(draw(covering).spans).toBeUndefined();
    const onGreen = (
      <Box backgroundColor="green" width={10}>
        <Text>above</Text>
      </Box>
    );
    expect(draw(onGreen).spans).toBeUndefined();
  });

  test('is left to Ink when a text moves the cursor', () => {
    expect(draw(<Text>{'a\rb'}</Text>).spans).toBeUndefined();
    expect(draw(<Text>a b</Text>).spans).toBe('a b');
  });
});

test('the compositor accepts the installed Ink, and can be turned off', () => {
  expect(installCompositor({ ETL_TUI_INK_COMPOSITOR: 'original' })).toBe(false);
  expect(installCompositor({})).toBe(true);
  expect(installCompositor({})).toBe(true);
});
