/** The first key of each action whose keys were chosen by the user. */
let chosen: ReadonlyMap<string, string> = new Map();

/** The key to name in a text: the one that the user has chosen for an action, or the usual one. */
export function keyOf(action: string, usual: string): string {
  return chosen.get(action) ?? usual;
}

/** To be called before there is a screen, because a process has one person before it. */
export function setChosenKeys(keys: ReadonlyMap<string, string>): void {
  chosen = keys;
}
