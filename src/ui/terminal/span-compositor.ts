// Ink does not export its compositor. By path, both a bundle and a program that runs from its sources get Ink's own copy.
import Output from '../../../node_modules/ink/build/output.js';
import { composePainted, type Operation } from './compose-spans.ts';

type Composed = { readonly output: string; readonly height: number };

/** The part of Ink's class that is relied upon. */
type Compositor = {
  readonly operations: readonly Operation[];
  readonly height: number;
  get(): Composed;
};

/**
 * Replaces the part of Ink that puts a frame together, cell by cell: at 200x50 that takes most of the time of a frame.
 * What spans cannot express still goes to Ink's own, and so does everything when this Ink is not the one that is known,
 * or when ETL_TUI_INK_COMPOSITOR is `original`. Says whether frames are put together from spans now.
 */
export function installCompositor(env: Readonly<Record<string, string | undefined>>): boolean {
  const compositor = Output.prototype as unknown as Compositor;
  if (compositor.get === getFromSpans) return true;
  if (env['ETL_TUI_INK_COMPOSITOR'] === 'original' || !isKnown()) return false;
  original = compositor.get;
  compositor.get = getFromSpans;
  return true;
}

let original: Compositor['get'];

function getFromSpans(this: Compositor): Composed {
  const rows = composePainted(this.operations, this.height);
  return rows === undefined ? original.call(this) : { output: rows.join('\n'), height: this.height };
}

/** Puts one frame together both ways: borders, a clip, a transformer, and text beyond the edges. */
function isKnown(): boolean {
  try {
    const output = new Output({ width: 12, height: 4 });
    output.write(1, 0, '┌──┐', { transformers: [] });
    output.write(1, 1, '│', { transformers: [] });
    output.write(4, 1, '│', { transformers: [] });
    output.write(1, 2, '└──┘', { transformers: [] });
    output.clip({ x1: 2, x2: 4, y1: 1, y2: 2 });
    output.write(1, 1, 'abcdef\nghi', { transformers: [(line) => line.toUpperCase()] });
    output.unclip();
    output.write(7, 3, '日本 x \nbelow', { transformers: [(line, index) => `${index}${line}`] });
    const { operations, height } = output as unknown as Compositor;
    const { output: expected, height: expectedHeight } = output.get();
    return expectedHeight === height && composePainted(operations, height)?.join('\n') === expected;
  } catch {
    return false;
  }
}
