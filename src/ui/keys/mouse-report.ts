/** An action of the mouse; column and row from 0. */
export type MouseReport = {
  readonly what: 'wheel-up' | 'wheel-down' | 'click' | 'other';
  readonly column: number;
  readonly row: number;
};

/** Parses an SGR mouse report without its escape character; undefined when `input` is none. */
export function readMouse(input: string): MouseReport | undefined {
  const found = report.exec(input);
  if (found === null) return undefined;
  const [, button, column, row, end] = found;
  return { what: whatOf(Number(button), end === 'M'), column: Number(column) - 1, row: Number(row) - 1 };
}

const report = /^\[<(\d+);(\d+);(\d+)([Mm])$/;

function whatOf(button: number, isPressed: boolean): MouseReport['what'] {
  if (button === 64) return 'wheel-up';
  if (button === 65) return 'wheel-down';
  return button === 0 && isPressed ? 'click' : 'other';
}
