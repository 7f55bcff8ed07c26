import { Box, Text, Transform } from 'ink';
import { memo } from 'react';
import type { Rect } from '../layout.ts';

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

/**
 * One row of exactly `width` columns, drawn unchanged. Ink lays out blanks instead: measuring and wrapping the real text
 * would take it longer than the rest of a frame.
 */
const Line = memo(function Line({ text, width }: { readonly text: string; readonly width: number }) {
  return (
    <Transform transform={() => text}>
      <Text wrap="truncate">{' '.repeat(width)}</Text>
    </Transform>
  );
});
