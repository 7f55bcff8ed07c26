import type { Style, Theme } from '../theme.ts';
import { fitLine, type Line, lineWidth, paint, styled } from './line.ts';

/** The size of a pane and how it is drawn; a zoomed one has no borders, so that its text can be copied. */
export type PaneShape = {
  /** The digit of the key that leads to the pane, shown before its title. */
  readonly digit?: number;
  readonly width: number;
  readonly height: number;
  readonly focused: boolean;
  readonly zoomed: boolean;
};

/** The texts in a pane's borders. */
type PaneFrame = {
  readonly title: string;
  /** Follows the title: a task's name, a count. */
  readonly subject?: Line;
  readonly right?: Line;
  readonly bottomLeft?: Line;
  readonly bottomRight?: Line;
  /** Headings of columns of the body; `at` is the column inside the borders where one begins. */
  readonly labels?: readonly { readonly at: number; readonly text: string; readonly style?: Style }[];
  /** The row of the body that is selected. */
  readonly selected?: number;
};

/** The size of the body inside the borders. */
export function bodySize({ width, height, zoomed }: PaneShape): { readonly width: number; readonly height: number } {
  return zoomed
    ? { width: Math.max(0, width), height: Math.max(0, height - 1) }
    : { width: Math.max(0, width - 2), height: Math.max(0, height - 2) };
}

/** A pane as `height` rows of exactly `width` columns; rows of `body` that do not fit are left out, missing ones are blank. */
export function paneRows(frame: PaneFrame, body: readonly Line[], shape: PaneShape, theme: Theme): readonly string[] {
  const size = bodySize(shape);
  const border: Style = shape.focused ? 'focusBorder' : 'border';
  const side = shape.zoomed ? [] : [styled(theme.glyphs.box.upright, border)];
  const rows = [paint(topLine(frame, shape, theme), shape.width, theme)];
  for (let row = 0; row < size.height; row += 1) {
    const line = body[row] ?? [];
    if (row === frame.selected && size.width > 0) {
      const over: Style = shape.focused ? 'selected' : 'bold';
      const middle = paint(line, size.width, theme, over);
      rows.push(paint(side, side.length, theme) + middle + paint(side, side.length, theme));
    } else
      rows.push(paint([...side, ...fitLine(line, size.width, theme.glyphs.ellipsis), ...side], shape.width, theme));
  }
  if (!shape.zoomed) rows.push(paint(bottomLine(frame, shape, theme), shape.width, theme));
  return rows.slice(0, Math.max(0, shape.height));
}

type Piece = { readonly at: number; readonly line: Line };

function topLine(frame: PaneFrame, shape: PaneShape, theme: Theme): Line {
  const { width } = bodySize(shape);
  const title = titleOf(frame, shape);
  const right = shape.zoomed ? join([frame.bottomLeft, frame.right, frame.bottomRight]) : frame.right;
  const pieces: Piece[] = edges([styled(' '), ...title, styled(' ')], right ?? [], width, theme);
  for (const { at, text, style } of frame.labels ?? []) {
    pieces.push({ at: at - 1, line: [styled(` ${text} `, style ?? 'dim')] });
  }
  const { topLeft, topRight, flat } = theme.glyphs.box;
  return rule(pieces, width, shape, [topLeft, topRight, flat]);
}

function titleOf({ title, subject }: PaneFrame, { digit, focused }: PaneShape): Line {
  const style: Style = focused ? 'focusTitle' : 'title';
  return [
    ...(digit === undefined ? [] : [styled(`${digit} `, focused ? style : 'dim')]),
    styled(title, style),
    ...(subject === undefined || subject.length === 0 ? [] : [styled(' '), ...subject]),
  ];
}

function bottomLine(frame: PaneFrame, shape: PaneShape, theme: Theme): Line {
  const { width } = bodySize(shape);
  const left = frame.bottomLeft ?? [];
  const pieces = edges(
    left.length === 0 ? [] : [styled(' '), ...left, styled(' ')],
    frame.bottomRight ?? [],
    width,
    theme,
  );
  const { bottomLeft, bottomRight, flat } = theme.glyphs.box;
  return rule(pieces, width, shape, [bottomLeft, bottomRight, flat]);
}

/** Texts at the two edges of a border. The right one has the changing values, so the left one is shortened, down to a few letters. */
function edges(left: Line, right: Line, width: number, theme: Theme): Piece[] {
  const end = right.length === 0 ? [] : [styled(' '), ...right, styled(' ')];
  const room = width - lineWidth(end);
  const kept = room >= Math.min(minTitle, lineWidth(left)) ? end : [];
  const limit = kept.length === 0 ? width : room - 1;
  const begin = lineWidth(left) > limit ? fitLine(left, Math.max(0, limit), theme.glyphs.ellipsis) : left;
  return [
    ...(begin.length === 0 ? [] : [{ at: 0, line: begin }]),
    ...(kept.length === 0 ? [] : [{ at: room, line: kept }]),
  ];
}

const minTitle = 12;

/** A border with pieces of text in it; a piece that would overlap an earlier one is left out. */
function rule(
  pieces: readonly Piece[],
  width: number,
  shape: PaneShape,
  [left, right, flat]: readonly [string, string, string],
): Line {
  const border: Style = shape.focused ? 'focusBorder' : 'border';
  const fill = shape.zoomed ? ' ' : flat;
  const placed = arrange(pieces, width);
  const line: Line[number][] = shape.zoomed ? [] : [styled(left, border)];
  let column = 0;
  for (const piece of placed) {
    line.push(styled(fill.repeat(piece.at - column), border), ...piece.line);
    column = piece.at + lineWidth(piece.line);
  }
  line.push(styled(fill.repeat(Math.max(0, width - column)), border));
  if (!shape.zoomed) line.push(styled(right, border));
  return line;
}

function arrange(pieces: readonly Piece[], width: number): readonly Piece[] {
  const placed: Piece[] = [];
  for (const piece of pieces) {
    const end = piece.at + lineWidth(piece.line);
    const clear = placed.every((other) => end <= other.at || piece.at >= other.at + lineWidth(other.line));
    if (clear && piece.at >= 0 && end <= width) placed.push(piece);
  }
  return placed.sort((a, b) => a.at - b.at);
}

function join(parts: readonly (Line | undefined)[]): Line {
  const present = parts.filter((part) => part !== undefined && part.length > 0) as readonly Line[];
  return present.flatMap((part, index) => (index === 0 ? part : [styled('  '), ...part]));
}
