import { Box } from 'ink';
import type { Rect } from '../layout.ts';
import { Line } from './row.tsx';

/** Rows at a rectangle of the screen. */
export function Block({ rect, rows }: { readonly rect: Rect; readonly rows: readonly string[] }) {
  return (
    <Box
      position="absolute"
      marginLeft={rect.x}
      marginTop={rect.y}
      width={rect.width}
      height={rect.height}
      flexDirection="column"
    >
      {rows.map((text, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their index.
        <Line key={row} text={text} width={rect.width} />
      ))}
    </Box>
  );
}
