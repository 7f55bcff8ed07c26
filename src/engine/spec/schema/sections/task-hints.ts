import type { YamlNode } from '../../yaml/yaml-node.ts';

/** Other tools have the number of retries and the delay before them in one mapping. */
export function retriesHint(node: YamlNode): string | undefined {
  if (node.kind !== 'map') return undefined;
  const textAt = (...names: readonly string[]) => {
    const value = node.entries.find(({ key }) => names.includes(key.toLowerCase()))?.value;
    return value?.kind === 'scalar' ? value.text : undefined;
  };
  const number = textAt('max', 'count', 'limit', 'times', 'retries', 'max_retries', 'max_attempts', 'attempts') ?? 'N';
  const delay = textAt('delay', 'interval', 'backoff', 'wait', 'initial', 'interval_sec');
  return `write retries: ${number}${delay === undefined ? '' : `, backoff: { initial: ${delay} }`}`;
}

/** In other tools, and in the limits of a run, a share of the processor is a percentage. */
export function coresHint(node: YamlNode): string | undefined {
  const percent = node.kind === 'scalar' ? /^(\d+(?:\.\d+)?) ?%$/.exec(node.text)?.[1] : undefined;
  return percent === undefined ? undefined : `it is a number of cores: write ${Number(percent) / 100}`;
}
