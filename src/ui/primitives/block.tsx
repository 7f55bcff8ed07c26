import { Box } from 'ink';
import type { Rect } from '../layout.ts';
import { Line } from './row.tsx';

/** Rows in their place on the screen. */
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
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place.
        <Line key={row} text={text} width={rect.width} />
      ))}
    </Box>
  );
}
