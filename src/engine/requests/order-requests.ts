import { type DataRequest, priorities } from '../model/data-request.ts';

/** What decides which of several requests is carried out first. */
type Waiting = { readonly name: string; readonly request: DataRequest };

/** The most important first; of equals the one that is needed first, then the older one. */
export function orderRequests<Request extends Waiting>(requests: readonly Request[]): readonly Request[] {
  return requests.toSorted(
    ({ name: nameA, request: a }, { name: nameB, request: b }) =>
      priorities.indexOf(b.priority) - priorities.indexOf(a.priority) ||
      compare(a.deadline?.value, b.deadline?.value) ||
      compare(a.createdAt, b.createdAt) ||
      (nameA < nameB ? -1 : 1),
  );
}

/** A time that is not given comes last. */
function compare(a: number | undefined, b: number | undefined): number {
  if (a === b) return 0;
  return (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY);
}
