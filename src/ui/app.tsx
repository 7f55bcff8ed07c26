import { Box, useInput } from 'ink';
import { useRef, useSyncExternalStore } from 'react';
import { phaseDisplay } from '../display/states/phase-display.ts';
import { bottomRow } from './bars/bottom-row.ts';
import { headerRow } from './bars/header-row.ts';
import { tooSmallRows } from './bars/too-small.ts';
import { helpKeys } from './keys/key-lines.ts';
import { press } from './keys/press-key.ts';
import { createKeyReader } from './keys/read-keys.ts';
import { helpPane } from './panes/help/help-pane.ts';
import { paneOf } from './panes/registry.ts';
import { Block } from './primitives/block.tsx';
import type { Frame } from './store/frame.ts';
import type { ScreenStore } from './store/screen-store.ts';
import { rectOf } from './store/screen-view.ts';
import type { Theme } from './theme.ts';

type AppProps = { readonly store: ScreenStore; readonly theme: Theme };
type FrameProps = { readonly frame: Frame; readonly theme: Theme };

/** The whole screen. */
export function App({ store, theme }: AppProps) {
  const frame = useSyncExternalStore(store.subscribe, store.frame);
  const reader = useRef(createKeyReader());
  useInput((input, key) => {
    for (const pressed of reader.current(input, key)) store.update((view) => press(view, pressed));
  });
  const { columns, rows } = frame.screen;
  return (
    <Box width={columns} height={rows}>
      {frame.layout.size === 'too-small' ? (
        <TooSmall frame={frame} theme={theme} />
      ) : (
        <>
          <Header frame={frame} theme={theme} />
          {frame.screen.help === undefined ? (
            <Panes frame={frame} theme={theme} />
          ) : (
            <Help frame={frame} theme={theme} />
          )}
          <Block rect={{ x: 0, y: rows - 1, width: columns, height: 1 }} rows={[bottomRow(frame, columns, theme)]} />
        </>
      )}
    </Box>
  );
}

function TooSmall({ frame, theme }: FrameProps) {
  const { state, screen, slas } = frame;
  const { columns, rows } = screen;
  const end = state.phase.kind === 'finished' ? phaseDisplay(state, slas).word : undefined;
  const question = screen.prompt?.kind === 'question' ? [bottomRow(frame, columns, theme)] : [];
  const notice = tooSmallRows(columns, rows, theme, end).slice(0, rows - question.length);
  return <Block rect={{ x: 0, y: 0, width: columns, height: rows }} rows={[...notice, ...question]} />;
}

function Header({ frame, theme }: FrameProps) {
  const { state, now, meters, screen, timeLeft, slas, isPast, playback } = frame;
  const shown = rectOf(frame, 'charts') === undefined ? meters : [];
  const row = headerRow(
    {
      state,
      now,
      slas,
      isPast,
      meters: shown,
      ...(timeLeft === undefined ? {} : { timeLeft }),
      ...(playback === undefined ? {} : { playback }),
    },
    screen.columns,
    theme,
  );
  return <Block rect={{ x: 0, y: 0, width: screen.columns, height: 1 }} rows={[row]} />;
}

function Panes({ frame, theme }: FrameProps) {
  const { layout, screen } = frame;
  if (layout.size === 'too-small') return null;
  return Object.entries(layout.panes).map(([id, rect]) => {
    const { digit, rows } = paneOf(id);
    const shape = {
      ...(digit === undefined ? {} : { digit }),
      width: rect.width,
      height: rect.height,
      focused: screen.focus === id,
      zoomed: screen.zoomed,
    };
    return <Block key={id} rect={rect} rows={rows(frame, shape, theme)} />;
  });
}

function Help({ frame, theme }: FrameProps) {
  const { columns, rows, help = 0 } = frame.screen;
  const rect = { x: 0, y: 1, width: columns, height: rows - 2 };
  return <Block rect={rect} rows={helpPane(helpKeys(frame), help, { ...rect, focused: true, zoomed: false }, theme)} />;
}
