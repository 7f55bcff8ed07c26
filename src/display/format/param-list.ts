import { nameList } from './name-list.ts';

const maxParams = 5;
const maxCharacters = 60;

/** `day=2024-01-31, mode=full and 2 more`; empty without parameters. All of them where there is room for more lines. */
export function paramList(params: Readonly<Record<string, string>> = {}, most = maxParams): string {
  const named = Object.entries(params).map(([name, value]) => {
    const characters = [...value];
    return `${name}=${characters.length > maxCharacters ? `${characters.slice(0, maxCharacters).join('')}…` : value}`;
  });
  return nameList(named, most);
}
