import { awaitedBy, endText } from '../../display/end-text.ts';
import { formatCount } from '../../display/format/format-count.ts';
import { nameList } from '../../display/format/name-list.ts';
import { drawGraph, type GraphDrawing } from '../../display/graph/draw-graph.ts';
import { asciiLanes, type LaneCell, unicodeLanes } from '../../display/graph/lane-cells.ts';
import { nodeDisplay } from '../../display/graph/node-display.ts';
import { nodeIcons } from '../../display/graph/node-icons.ts';
import type { GraphNode } from '../../display/graph/pipeline-graph.ts';
import type { Display } from '../../display/states/display.ts';
import { taskCountText } from '../../display/task-count-text.ts';
import { displayText } from '../../engine/index.ts';
import { shortenMiddle } from '../output/shorten.ts';
import { stringWidth } from '../output/string-width.ts';
import type { Style } from '../output/style.ts';
import { paintSeverity } from '../reporters/line-layout.ts';
import { checksAfter, checksAtEnd, type DrawnGraph, drawnEnds } from './drawn-graph.ts';

const longestName = 48;
const minNote = 24;
const maxLanes = 60;
const minLanes = 3;
const maxNames = 6;

/** The graph for people: one row for each task, beside lines that show what waits for what. At most `columns` wide. */
export function graphLines(drawn: DrawnGraph, style: Style, columns: number): readonly string[] {
  const { graph, plan, run } = drawn;
  const { paint } = style;
  const names = graph.nodes.map(({ name }) => displayText(name));
  const nameWidth = Math.min(
    longestName,
    Math.max(1, ...names.map(stringWidth)),
    Math.max(8, columns - 2 * minLanes - 4),
  );
  const gutter = String(Math.max(0, graph.nodes.length)).length + 1;
  const room = Math.floor((columns - gutter - nameWidth - minNote - 2) / 2);
  const drawing = drawGraph(graph, Math.min(maxLanes, Math.max(minLanes, room)));
  const waves = 1 + Math.max(-1, ...drawing.waves);
  const edges = graph.downstream.reduce((sum, below) => sum + below.length, 0);
  const table: Table = { drawn, drawing, names, nameWidth, gutter: drawing.isLayered ? gutter : 0, style, columns };
  const shown = plan.tasks.flatMap(({ index, spec }) => (drawn.tasks.has(index) ? [spec] : []));
  const size = [taskCountText(shown), ...(waves > 0 ? [`in ${formatCount(waves, 'wave')}`] : [])].join(' ');
  const ends = drawnEnds(drawn);
  return [
    `${paint.bold(displayText(plan.pipeline.name))}: ${size}, ${formatCount(edges, 'dependency', 'dependencies')}`,
    ...(run === undefined ? [] : [displayText(run.title)]),
    ...(drawing.rows.length === 0 ? [] : ['', ...laneLines(table)]),
    ...titled(
      'without dependencies',
      drawing.alone.map((node) => nodeLine(table, node)),
      style,
    ),
    ...titled(
      'at the end of the run',
      ends.map((task) => endLine(table, task)),
      style,
    ),
    ...titled('checks at the end of the run', checkLines(drawn), style),
    ...remarks(table),
  ];
}

type Table = {
  readonly drawn: DrawnGraph;
  readonly drawing: GraphDrawing;
  /** By node. */
  readonly names: readonly string[];
  readonly nameWidth: number;
  /** The columns of the numbers of waves; 0 without them. */
  readonly gutter: number;
  readonly style: Style;
  readonly columns: number;
};

function laneLines(table: Table): readonly string[] {
  const { drawing, gutter, style, drawn } = table;
  const { paint } = style;
  let wave = -1;
  return drawing.rows.map(({ node, cells }) => {
    if (node === undefined) return `${' '.repeat(gutter)}${paint.dim(cellsText(cells, style))}`.trimEnd();
    const at = drawing.waves[node]!;
    const isFirst = at !== wave && drawn.graph.nodes[node]!.kind !== 'gate';
    if (isFirst) wave = at;
    const number = gutter === 0 ? '' : paint.dim((isFirst ? String(at + 1) : '').padStart(gutter - 1).padEnd(gutter));
    const place = cells.indexOf('node');
    const before = paint.dim(cellsText(cells.slice(0, place), style));
    const after = paint.dim(cellsText(cells.slice(place + 1), style));
    return `${number}${before}${iconOf(table, node)}${after}  ${textOf(table, node, gutter + cells.length + 2)}`.trimEnd();
  });
}

function cellsText(cells: readonly LaneCell[], { icons }: Style): string {
  const glyphs = isUnicode(icons) ? unicodeLanes : asciiLanes;
  return cells.map((cell) => glyphs[cell]).join('');
}

function isUnicode({ succeeded }: Style['icons']): boolean {
  return succeeded.charCodeAt(0) > 127;
}

function iconOf({ drawn, style }: Table, node: number): string {
  const shown = drawn.graph.nodes[node]!;
  const display = drawn.run === undefined ? undefined : nodeDisplay(drawn.run.state, shown);
  if (display !== undefined) return paintSeverity(display.severity, style)(style.icons[display.icon]);
  return nodeIcons(isUnicode(style.icons))[shown.kind];
}

/** A node without lines, indented. */
function nodeLine(table: Table, node: number): string {
  return `  ${iconOf(table, node)} ${textOf(table, node, 4)}`.trimEnd();
}

/** The name of a node and what there is to say of it, in what is left behind so many columns. */
function textOf(table: Table, node: number, used: number): string {
  const { drawn, names, nameWidth, style, columns } = table;
  const { paint, glyphs } = style;
  const shown = drawn.graph.nodes[node]!;
  const display = drawn.run === undefined ? undefined : nodeDisplay(drawn.run.state, shown);
  const name = shortenMiddle(names[node]!, nameWidth, glyphs.ellipsis);
  let left = columns - used - nameWidth;
  const parts = partsOf(table, shown, node, display).flatMap(({ text, paint: painted }) => {
    const room = left - 2;
    if (room < 4) return [];
    const kept = typeof text === 'string' ? shortenMiddle(text, room, glyphs.ellipsis) : text(room);
    left -= stringWidth(kept) + 2;
    return [painted(kept)];
  });
  const padding = parts.length === 0 ? '' : ' '.repeat(nameWidth - stringWidth(name));
  const paintedName = shown.kind === 'gate' ? paint.italic(name) : name;
  return [`${paintedName}${padding}`, ...parts].join('  ');
}

type Part = {
  /** As it is, or for so many columns. */
  readonly text: string | ((room: number) => string);
  readonly paint: (text: string) => string;
};

function partsOf(table: Table, node: GraphNode, at: number, display: Display | undefined): readonly Part[] {
  const { drawn, drawing, names, style } = table;
  const { paint } = style;
  const undrawn = (drawing.undrawn.get(at) ?? []).map((other) => names[other]!);
  const checks = node.kind === 'gate' ? [] : checksAfter(drawn, node.tasks);
  return [
    ...(display === undefined ? [] : [{ text: display.word, paint: paintSeverity(display.severity, style) }]),
    ...(undrawn.length === 0 ? [] : [{ text: (room: number) => waitText(undrawn, room, style), paint: plain }]),
    ...(node.kind === 'gate' ? [{ text: 'gate', paint: paint.dim }] : []),
    ...(node.kind === 'matrix' ? [{ text: formatCount(node.tasks.length, 'instance'), paint: paint.dim }] : []),
    ...(node.kind !== 'gate' && node.level !== undefined ? [{ text: displayText(node.level), paint: paint.dim }] : []),
    ...(checks.length === 0 ? [] : [{ text: formatCount(checks.length, 'check'), paint: paint.dim }]),
  ];
}

/** `waits for a, b +3`: as many names as there is room for, at least one, which may be shortened. */
function waitText(names: readonly string[], room: number, { glyphs }: Style): string {
  const withNames = (count: number) => {
    const more = names.length - count;
    return `waits for ${names.slice(0, count).join(', ')}${more === 0 ? '' : ` +${more}`}`;
  };
  for (let count = Math.min(names.length, maxNames); count > 1; count -= 1) {
    if (stringWidth(withNames(count)) <= room) return withNames(count);
  }
  return shortenMiddle(withNames(1), room, glyphs.ellipsis);
}

function plain(text: string): string {
  return text;
}

function endLine({ drawn, style, columns }: Table, task: number): string {
  const { plan, run } = drawn;
  const planned = plan.tasks[task]!;
  const node: GraphNode = { kind: 'task', name: planned.spec.id, tasks: [task] };
  const display = run === undefined ? undefined : nodeDisplay(run.state, node);
  const icon =
    display === undefined
      ? nodeIcons(isUnicode(style.icons)).task
      : paintSeverity(display.severity, style)(style.icons[display.icon]);
  const when = displayText(endText(plan, planned) ?? '').replace(/^at the end(, )?/, '');
  const after = awaitedBy(planned)
    .filter((other) => plan.tasks[other]!.end !== undefined)
    .map((other) => displayText(plan.tasks[other]!.spec.id));
  const text = [
    displayText(planned.spec.id),
    ...(display === undefined ? [] : [display.word]),
    // The title says the rest.
    ...(when === '' ? [] : [when]),
    ...(after.length === 0 ? [] : [`after ${nameList(after, maxNames)}`]),
  ].join('  ');
  return `  ${icon} ${shortenMiddle(text, columns - 4, style.glyphs.ellipsis)}`;
}

function checkLines(drawn: DrawnGraph): readonly string[] {
  const names = checksAtEnd(drawn).map(({ spec }) => displayText(spec.name));
  return names.length === 0 ? [] : [`  ${nameList(names, maxNames)}`];
}

function titled(title: string, lines: readonly string[], { paint }: Style): readonly string[] {
  return lines.length === 0 ? [] : ['', paint.dim(title), ...lines];
}

function remarks({ drawn, drawing, style }: Table): readonly string[] {
  const { paint, icons } = style;
  const kinds = new Set(drawn.graph.nodes.map(({ kind }) => kind));
  const glyphs = nodeIcons(isUnicode(icons));
  const signs = [
    ...(kinds.has('matrix') ? [`${glyphs.matrix} all instances of a matrix`] : []),
    ...(kinds.has('gate') ? [`${glyphs.gate} gate: what is below waits until it has passed`] : []),
  ];
  const lines = [
    ...(drawn.run === undefined && signs.length > 0 ? [signs.join('  ')] : []),
    ...(drawing.implied === 0
      ? []
      : [
          `${formatCount(drawing.implied, 'dependency', 'dependencies')} that a longer way implies ${drawing.implied === 1 ? 'is' : 'are'} not drawn`,
        ]),
  ];
  return lines.length === 0 ? [] : ['', ...lines.map((line) => paint.dim(line))];
}
