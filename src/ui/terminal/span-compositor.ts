// Ink does not export its compositor. Imported by path, a bundle and a program run from its sources get the same copy as Ink.
import Output from '../../../node_modules/ink/build/output.js';
import { composePainted, type Operation } from './compose-spans.ts';

type Composed = { readonly output: string; readonly height: number };

/** The part of Ink's class that is used here. */
type Compositor = {
  readonly operations: readonly Operation[];
  readonly height: number;
  get(): Composed;
};

/**
 * Replaces the part of Ink that composes a frame cell by cell, which at 200x50 takes most of the time of a frame. Ink's own
 * compositor still handles frames that runs of text cannot express, and all frames of an unknown version of Ink, or when
 * ETL_TUI_INK_COMPOSITOR is `original`. Returns whether the replacement is active.
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

/** Composes one frame in both ways: borders, a clip, a transformer, and text beyond the edges. */
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
