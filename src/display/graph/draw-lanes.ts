import type { Bundles } from './bundles.ts';
import type { LaneCell } from './lane-cells.ts';

/** A row of a drawing: that of a node, or one between two nodes. */
export type LaneRow = { readonly node?: number; readonly cells: readonly LaneCell[] };

export type LaneDrawing = {
  /** All of the same width, which is odd, or 0. */
  readonly rows: readonly LaneRow[];
  /** By node, what it waits for beyond the lines that are drawn, because there was no room for more. */
  readonly undrawn: ReadonlyMap<number, readonly number[]>;
};

/**
 * Draws a graph as lines that run down beside the names, one row for each node. What is drawn is read like this:
 *
 * 1. A line runs down. Whatever joins it further up is upstream of whatever it leads to further down.
 * 2. A way across that ends in an arrow leads from its lines to the node beside the arrow.
 * 3. A way across without an arrow leads from the node in its row, or from the one above its corner, to a line that goes on.
 * 4. A node without ways across in its row continues the line above it, or is reached from the node directly above it.
 *
 * @param order all nodes, each after those it waits for
 * @param maxLanes how many lines may run side by side; at least 1
 */
export function drawLanes(order: readonly number[], bundles: Bundles, maxLanes: number): LaneDrawing {
  const pen = createPen(maxLanes);
  /** The column of each bundle whose line is open. */
  const columnOf = new Map<number, number>();
  const left = bundles.targets.map(({ length }) => length);
  const undrawn = new Map<number, number[]>();
  const isHidden = bundles.targets.map(() => false);

  for (const node of order) {
    const inputs: number[] = [];
    for (const bundle of bundles.into[node]!) {
      left[bundle]! -= 1;
      const column = columnOf.get(bundle);
      if (column !== undefined) inputs.push(column);
      else undrawn.set(node, [...(undrawn.get(node) ?? []), ...bundles.sources[bundle]!]);
    }
    const ending = new Set(
      bundles.into[node]!.filter((bundle) => left[bundle] === 0).flatMap((one) => columnOf.get(one) ?? []),
    );
    for (const bundle of bundles.into[node]!) if (left[bundle] === 0) columnOf.delete(bundle);
    const out = bundles.from[node];
    const joined = out === undefined ? undefined : columnOf.get(out);
    const isShared = out !== undefined && joined === undefined && bundles.sources[out]!.length > 1;
    const column = pen.drawNode(node, { inputs, ending, joined, isShared });
    if (out === undefined || joined !== undefined || isHidden[out]) continue;
    if (column < maxLanes) {
      pen.open(column);
      columnOf.set(out, column);
    } else isHidden[out] = true;
  }
  return { rows: pen.rows(), undrawn };
}

/** What a node is connected with, by columns. */
type Ties = {
  readonly inputs: readonly number[];
  /** Those of the inputs whose line ends here. */
  readonly ending: ReadonlySet<number>;
  /** An open line that the node leads to. */
  readonly joined: number | undefined;
  /** The line that the node will open is joined by others, so that room beside it is of use. */
  readonly isShared: boolean;
};

function createPen(maxLanes: number) {
  const rows: { readonly node?: number; readonly cells: LaneCell[] }[] = [];
  /** Whether a line is open, by column. */
  const isOpen: boolean[] = [];
  /** The column of the last row's node: what stands below it could be taken to be connected with it. */
  let above: number | undefined;

  const width = () => isOpen.lastIndexOf(true) + 1;
  const isFree = (column: number) => column >= 0 && column <= maxLanes && isOpen[column] !== true;

  return {
    /** Draws the row of a node, and one more where its line to another needs it; returns its column. */
    drawNode(node: number, ties: Ties): number {
      const { inputs, ending, joined } = ties;
      const between = joined === undefined ? undefined : findBetween(inputs, joined);
      const [only] = inputs;
      if (inputs.length === 1 && ending.has(only!) && between === undefined) {
        const cells = lines(only!);
        cells[2 * only!] = 'node';
        rows.push({ node, cells });
        isOpen[only!] = false;
        above = only;
        if (joined !== undefined) lead(only!, joined);
        return only!;
      }
      const column = between ?? place(ties);
      const cells = lines(column);
      cells[2 * column] = 'node';
      connect(cells, column, inputs, ending, true);
      const isDirect = joined !== undefined && (inputs.length === 0 || between !== undefined);
      if (isDirect) connect(cells, column, [joined], none, false);
      rows.push({ node, cells });
      for (const input of ending) isOpen[input] = false;
      above = column;
      if (joined !== undefined && !isDirect) lead(column, joined);
      return column;
    },
    open(column: number): void {
      isOpen[column] = true;
    },
    rows(): readonly LaneRow[] {
      const columns = Math.max(0, ...rows.map(({ cells }) => cells.length));
      return rows.map(({ cells, ...row }) => ({
        ...row,
        cells: [...cells, ...new Array<LaneCell>(columns - cells.length).fill('blank')],
      }));
    },
  };

  /** A column with all inputs on one side and the line that is joined on the other. */
  function findBetween(inputs: readonly number[], joined: number): number | undefined {
    if (inputs.length === 0) return undefined;
    const [first, last] = [Math.min(...inputs), Math.max(...inputs)];
    if (last < joined) return freeIn(last + 1, joined - 1);
    return joined < first ? freeIn(joined + 1, first - 1) : undefined;
  }

  function freeIn(from: number, to: number): number | undefined {
    for (let column = from; column <= to; column += 1) if (isFree(column)) return column;
    return undefined;
  }

  function place({ inputs, joined, isShared }: Ties): number {
    const isTied = inputs.length > 0 || joined !== undefined;
    // Only a node without ways across would seem to hang on the one above it.
    const isUsable = (column: number) => isFree(column) && (isTied || column !== above);
    const columns = width();
    const after = joined ?? (inputs.length === 0 ? -1 : Math.min(...inputs));
    const free: number[] = [];
    for (let column = 0; column <= Math.min(maxLanes, columns + 2); column += 1)
      if (isUsable(column)) free.push(column);
    if (free.length === 0 || (columns === 0 && above !== undefined && !isTied)) {
      rows.push({ cells: lines(columns - 1) });
      above = undefined;
      return free.length === 0 ? maxLanes : 0;
    }
    const right = free.filter((column) => column > after);
    const roomy = right.find((column) => column - 1 > after && isFree(column - 1) && column < maxLanes);
    if (isShared && inputs.length > 0 && roomy !== undefined) return roomy;
    const beside = isTied ? free.findLast((column) => column < after) : undefined;
    const within = right.find((column) => column < columns) ?? beside;
    return within ?? right[0] ?? free[0]!;
  }

  /** The open lines in a row that reaches at least to `column`. */
  function lines(column: number): LaneCell[] {
    const columns = Math.max(column + 1, width());
    const cells: LaneCell[] = [];
    for (let at = 0; at < columns; at += 1) {
      if (at > 0) cells.push('blank');
      cells.push(isOpen[at] === true ? 'line' : 'blank');
    }
    return cells;
  }

  /** A row in which the line of a node turns and joins another. */
  function lead(column: number, joined: number): void {
    const cells = lines(column);
    cells[2 * column] = joined < column ? 'endLeft' : 'endRight';
    connect(cells, column, [joined], none, false);
    rows.push({ cells });
    above = undefined;
  }
}

const none: ReadonlySet<number> = new Set();

/** Draws the ways across between a column and some lines; those in `ending` end. `isInto`: with arrows at the column. */
function connect(
  cells: LaneCell[],
  column: number,
  tied: readonly number[],
  ending: ReadonlySet<number>,
  isInto: boolean,
): void {
  const met = new Set(tied);
  for (const step of [-1, 1] as const) {
    const side = tied.filter((one) => Math.sign(one - column) === step);
    if (side.length === 0) continue;
    const farthest = step === -1 ? Math.min(...side) : Math.max(...side);
    for (let at = column + step; at !== farthest + step; at += step) {
      cells[2 * at - step] = 'across';
      const isOuter = at === farthest;
      if (met.has(at)) cells[2 * at] = meeting(ending.has(at), isOuter ? (step === -1 ? 'Right' : 'Left') : 'Both');
      else cells[2 * at] = cells[2 * at] === 'line' ? 'crossing' : 'across';
    }
    if (isInto) cells[2 * column + step] = step === -1 ? 'intoRight' : 'intoLeft';
  }
}

function meeting(isEnding: boolean, arms: 'Right' | 'Left' | 'Both'): LaneCell {
  return isEnding ? `end${arms}` : `fork${arms}`;
}
