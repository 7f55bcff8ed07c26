/** Whether the output of attempts is read: what takes it may be slower than tasks print, and its memory is limited. */
export type OutputFlow = {
  isOpen(): boolean;
  /** While it is closed, tasks that print wait in the end. */
  set(isOpen: boolean): void;
  /** Opened for as long as `work` takes: what an attempt has left in its pipes is small, and must not be lost. */
  letThrough(work: () => Promise<void>): Promise<void>;
  /** `resume` is called whenever it opens. Returns the way to stop that. */
  onOpen(resume: () => void): () => void;
};

export function createOutputFlow(): OutputFlow {
  const listeners = new Set<() => void>();
  let isWanted = true;
  let passing = 0;
  const resumeAll = () => {
    for (const resume of listeners) resume();
  };
  return {
    isOpen: () => isWanted || passing > 0,
    set: (isOpen) => {
      const opens = isOpen && !isWanted;
      isWanted = isOpen;
      if (opens) resumeAll();
    },
    letThrough: async (work) => {
      passing += 1;
      if (!isWanted) resumeAll();
      await work();
      passing -= 1;
    },
    onOpen: (resume) => {
      listeners.add(resume);
      return () => listeners.delete(resume);
    },
  };
}
