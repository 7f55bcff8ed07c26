const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** `text` between tags: markup escaped, and what XML 1.0 cannot hold at all replaced. */
export function xmlText(text: string): string {
  return replaceForbidden(text).replace(/[&<>\r]/g, (character) => entities[character]!);
}

/** `text` between double quotes. */
export function xmlAttribute(text: string): string {
  return replaceForbidden(text).replace(/[&<>"\t\n\r]/g, (character) => entities[character]!);
}

function replaceForbidden(text: string): string {
  return text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}
