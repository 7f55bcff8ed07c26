/**
 * A canonical text for the exact value of a decimal number of any length: `1.50`, `+1.5` and `15e-1` give the same one.
 * Needed because a double holds only 15 to 17 digits. Undefined when the text is no decimal number.
 */
export function canonicalDecimal(text: string): string | undefined {
  const parts = /^\s*([-+]?)(\d*)\.?(\d*)(?:[eE]([-+]?\d+))?\s*$/.exec(text);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts ?? [];
  if (whole === '' && fraction === '') return undefined;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - significant.length);
  return `${sign === '-' ? '-' : ''}${significant}e${power}`;
}

/** The text as a number, or the text itself when a double cannot hold its exact value or it is no number. */
export function numberOrText(text: string): number | string {
  const exact = canonicalDecimal(text);
  const number = Number(text);
  return exact !== undefined && exact === canonicalDecimal(String(number)) ? number : text;
}
