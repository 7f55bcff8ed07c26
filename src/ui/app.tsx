import { Box, useInput } from 'ink';
import { useRef, useSyncExternalStore } from 'react';
import { bottomRow } from './bars/bottom-row.ts';
import { headerRow } from './bars/header-row.ts';
import { tooSmallRows } from './bars/too-small.ts';
import { helpKeys } from './keys/key-lines.ts';
import { createKeyReader } from './keys/read-keys.ts';
import type { PaneName, Rect } from './layout.ts';
import { chartPane } from './panes/charts/chart-pane.ts';
import { helpPane } from './panes/help/help-pane.ts';
import { paneContent } from './panes/pane-content.ts';
import { Block } from './primitives/block.tsx';
import { phaseDisplay } from './status/phase-display.ts';
import type { Frame } from './store/frame.ts';
import type { ScreenStore } from './store/screen-store.ts';
import type { Theme } from './theme.ts';

type AppProps = { readonly store: ScreenStore; readonly theme: Theme };

/** The whole screen. */
export function App({ store, theme }: AppProps) {
  const frame = useSyncExternalStore(store.subscribe, store.frame);
  const reader = useRef(createKeyReader());
  useInput((input, key) => store.press(reader.current(input, key)));
  const { columns, rows } = frame.screen;
  return (
    <Box width={columns} height={rows}>
      <Body frame={frame} theme={theme} />
    </Box>
  );
}

function Body({ frame, theme }: { readonly frame: Frame; readonly theme: Theme }) {
  const { layout, screen, state, now } = frame;
  const { columns, rows } = screen;
  if (layout.size === 'too-small') {
    const notice = tooSmallRows(
      columns,
      rows,
      theme,
      state.phase.kind === 'finished' ? phaseDisplay(state).word : undefined,
    );
    const asked = screen.prompt?.kind === 'question' ? [bottomRow(frame, columns, theme)] : [];
    const rect = { x: 0, y: 0, width: columns, height: rows };
    return <Block rect={rect} rows={[...notice.slice(0, rows - asked.length), ...asked]} />;
  }
  const { header, footer } = layout;
  return (
    <>
      <Block
        rect={header}
        rows={[headerRow({ state, now, meters: layout.charts.length === 0 ? frame.meters : [] }, columns, theme)]}
      />
      {screen.help === undefined ? <Panes frame={frame} theme={theme} /> : <Help frame={frame} theme={theme} />}
      <Block rect={footer} rows={[bottomRow(frame, columns, theme)]} />
    </>
  );
}

function Panes({ frame, theme }: { readonly frame: Frame; readonly theme: Theme }) {
  const { layout, screen } = frame;
  if (layout.size === 'too-small') return null;
  const shapeOf = (pane: PaneName, { width, height }: Rect) => ({
    width,
    height,
    focused: screen.focus === pane,
    zoomed: screen.zoomed,
  });
  return (
    <>
      {(Object.entries(layout.panes) as [PaneName, Rect][]).map(([pane, rect]) =>
        pane === 'charts' ? null : (
          <Block key={pane} rect={rect} rows={paneContent(pane, frame, shapeOf(pane, rect), theme)} />
        ),
      )}
      {layout.charts.map((rect, place) => (
        <Block
          key={rect.x}
          rect={rect}
          rows={chartPane(frame.meters[place]!, place === 0 ? 3 : undefined, shapeOf('charts', rect), theme)}
        />
      ))}
    </>
  );
}

function Help({ frame, theme }: { readonly frame: Frame; readonly theme: Theme }) {
  const { columns, rows, help = 0 } = frame.screen;
  const rect = { x: 0, y: 1, width: columns, height: rows - 2 };
  return <Block rect={rect} rows={helpPane(helpKeys(frame), help, { ...rect, focused: true, zoomed: false }, theme)} />;
}
