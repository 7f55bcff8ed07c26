import { isReadable } from '../bars/prompt-row.ts';
import { keyOf } from '../bound-keys.ts';
import { helpLength } from '../panes/help/help-pane.ts';
import { searchLog } from '../panes/log/log-position.ts';
import { paneOf } from '../panes/registry.ts';
import { moveSelection } from '../panes/tasks/selection.ts';
import type { Prompt, ScreenState } from '../store/screen-state.ts';
import type { Change, ScreenView } from '../store/screen-view.ts';
import { showMessage } from './key-binding.ts';
import { helpKeys } from './key-lines.ts';
import { findBinding, keyTable, usualKey } from './key-table.ts';
import { pressMouse } from './press-mouse.ts';
import type { Pressed } from './read-keys.ts';

/** What a key, pasted text or the mouse does to the screen, and what is to be done outside of it. Pure. */
export function press(view: ScreenView, pressed: Pressed): Change {
  switch (pressed.kind) {
    case 'key':
      return pressKey(view, pressed.key);
    case 'paste':
      return pasteText(view, pressed.text);
    case 'mouse':
      return pressMouse(view, pressed.report);
  }
}

export function pressKey(view: ScreenView, key: string): Change {
  const { prompt, help } = view.screen;
  if (prompt?.kind === 'question') return answer(view, prompt, key);
  // Nothing is shown that these keys could act on.
  if (view.layout.size === 'too-small')
    return tooSmallKeys.has(usualKey(key, view)) ? pressBound(view, key) : { screen: view.screen };
  if (prompt !== undefined) return type(view, prompt, key);
  if (help !== undefined) return pressInHelp(view, help, key);
  return pressBound(withoutMessage(view), key);
}

/** Pasted text goes into an input line only; elsewhere its letters must not act as keys. */
function pasteText(view: ScreenView, text: string): Change {
  const { prompt } = view.screen;
  if (prompt === undefined || prompt.kind === 'question') {
    return showMessage(view, 'pasted text is ignored');
  }
  const [line = ''] = text.split('\n');
  return edit(view.screen, prompt, prompt.text + line);
}

const tooSmallKeys: ReadonlySet<string> = new Set(['q', 'Ctrl+C', 'Ctrl+Z', 'Ctrl+L']);

function withoutMessage(view: ScreenView): ScreenView {
  if (view.screen.message === undefined) return view;
  const { message: _, ...screen } = view.screen;
  return { ...view, screen };
}

function pressBound(view: ScreenView, key: string): Change {
  const binding = findBinding(key, view);
  if (binding === undefined) return showMessage(view, whyNothing(key));
  if (binding.only === 'live' && view.playback !== undefined) return showMessage(view, 'not possible in a replay');
  const reason = binding.refuse?.(view);
  return reason === undefined ? binding.act(view, binding.standsFor?.get(key) ?? key) : showMessage(view, reason);
}

/** Why a key has no meaning where the focus is. */
function whyNothing(key: string): string {
  const meanings = keyTable.filter(({ keys }) => keys.includes(key));
  const shown = key === ' ' ? 'Space' : key;
  const places = new Set(meanings.flatMap(({ panes = [] }) => panes));
  if (places.size > 0) return `${shown}: works in ${[...places].map((id) => `${id}${digitOf(id)}`).join(', ')}`;
  return meanings.length > 0
    ? `${shown}: works only in a replay`
    : `${shown} does nothing here; ${keyOf('help', '?')} shows all keys`;
}

/** ` (2)`: the key that leads to the pane. */
function digitOf(pane: string): string {
  const { digit } = paneOf(pane);
  return digit === undefined ? '' : ` (${digit})`;
}

/** Only y (or `again`) means yes. On a screen that was made too small to show the question, every key means no. */
function answer({ screen }: ScreenView, question: Prompt & { kind: 'question' }, key: string): Change {
  const { prompt: _, message: __, ...rest } = screen;
  const isYes = (key === 'y' || key === 'Y' || key === question.again) && isReadable(question, screen.columns);
  return isYes ? { screen: { ...rest, marked: new Set() }, commands: question.yes } : { screen: rest };
}

type Typed = Exclude<Prompt, { kind: 'question' }>;

function type(view: ScreenView, prompt: Typed, key: string): Change {
  const { screen } = view;
  switch (key) {
    case 'Enter':
      return { screen: accept(screen, prompt) };
    case 'Esc':
    case 'Ctrl+C':
      return { screen: giveUp(screen, prompt) };
    case 'Backspace':
      return prompt.text === '' ? { screen: giveUp(screen, prompt) } : edit(screen, prompt, withoutLast(prompt.text));
    case 'Ctrl+U':
      return edit(screen, prompt, '');
    case 'Up':
      return prompt.kind === 'filter' ? { screen: moveSelection(screen, view.rows, -1) } : { screen };
    case 'Down':
      return prompt.kind === 'filter' ? { screen: moveSelection(screen, view.rows, 1) } : { screen };
    default:
      return [...key].length === 1 ? edit(screen, prompt, prompt.text + key) : { screen };
  }
}

/** A filter applies while it is typed; a search begins with Enter. */
function edit(screen: ScreenState, prompt: Typed, text: string): Change {
  const next = { ...screen, prompt: { ...prompt, text: text.slice(0, longestText) } };
  return { screen: prompt.kind === 'filter' ? { ...next, list: { ...screen.list, filter: next.prompt.text } } : next };
}

const longestText = 200;

function accept(screen: ScreenState, { kind, text }: Typed): ScreenState {
  const { prompt: _, ...rest } = screen;
  return kind === 'filter' ? rest : searchLog(rest, text);
}

function giveUp(screen: ScreenState, prompt: Typed): ScreenState {
  const { prompt: _, ...rest } = screen;
  return prompt.kind === 'filter' ? { ...rest, list: { ...rest.list, filter: prompt.before } } : rest;
}

function withoutLast(text: string): string {
  return [...text].slice(0, -1).join('');
}

function pressInHelp(view: ScreenView, top: number, pressed: string): Change {
  const key = usualKey(pressed, view);
  const { screen } = view;
  const page = screen.rows - helpFrameRows;
  const move = helpMoves[key];
  if (move !== undefined) {
    const length = helpLength(helpKeys(view), {
      width: screen.columns,
      height: screen.rows - 2,
      focused: true,
      zoomed: false,
    });
    const max = Math.max(0, length - page);
    const by = move === 'page' ? page : move === '-page' ? -page : move;
    return { screen: { ...screen, help: Math.max(0, Math.min(max, top + by)) } };
  }
  if (key === 'Ctrl+C' || key === 'Ctrl+Z' || key === 'Ctrl+L') return pressBound(view, pressed);
  const { help: _, ...rest } = screen;
  return { screen: closesHelp.has(key) ? rest : screen };
}

/** Header, footer and two borders. */
const helpFrameRows = 4;

const closesHelp: ReadonlySet<string> = new Set(['?', 'Esc', 'q', 'Enter', ' ']);

const helpMoves: Readonly<Record<string, number | 'page' | '-page' | undefined>> = {
  j: 1,
  Down: 1,
  k: -1,
  Up: -1,
  PageDown: 'page',
  'Ctrl+D': 'page',
  PageUp: '-page',
  'Ctrl+U': '-page',
  g: Number.NEGATIVE_INFINITY,
  Home: Number.NEGATIVE_INFINITY,
  G: Number.POSITIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};
