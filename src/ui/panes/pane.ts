import type { KeyBinding } from '../keys/key-binding.ts';
import type { PaneId } from '../layout.ts';
import type { PaneShape } from '../primitives/pane.ts';
import type { Frame } from '../store/frame.ts';
import type { Change, ScreenView } from '../store/screen-view.ts';
import type { Theme } from '../theme.ts';

/** What a pane shows, and what keys and mouse do in it. */
export type PaneContent = {
  /** All rows of the pane with its borders: `shape.height` rows of `shape.width` columns. */
  rows(frame: Frame, shape: PaneShape, theme: Theme): readonly string[];
  /** How many lines there are to scroll through; without it the pane does not scroll by lines. */
  length?(view: ScreenView, shape: PaneShape, theme: Theme): number;
  /** The first line that is shown before the user has scrolled; 0 without it. */
  top?(view: ScreenView, shape: PaneShape, theme: Theme): number;
  /** Scrolled to its end, the pane stays at its end while it grows. */
  readonly followsEnd?: true;
  /** Keys for what the pane shows, in the order of the help. Those with `panes` work only while it has the focus. */
  readonly keys?: readonly KeyBinding[];
  /**
   * Moves down by so many rows, instead of scrolling by lines; an infinite number moves to the end or the beginning.
   * Undefined: the pane scrolls by lines after all.
   */
  move?(view: ScreenView, by: number): Change | undefined;
  /** A click on a row of the body, from 0; the pane already has the focus. */
  click?(view: ScreenView, row: number): Change;
};

/** A pane of the screen. `digit` is the key that leads to it. */
export type Pane = PaneContent & { readonly id: PaneId; readonly digit?: number };
