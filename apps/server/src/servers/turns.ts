/** How servers on one database keep out of each other's way. */
export interface Turns {
  /**
   * Runs it while no other server runs what has this name; until then it waits. A server that dies gives its turn up. Where the
   * server is closed while it waits, it is not run.
   */
  take(name: string, work: () => Promise<void>): Promise<void>;
}

/** For a server that has its database to itself. */
export const alone: Turns = { take: (_name, work) => work() };
