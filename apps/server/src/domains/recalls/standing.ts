import { sql } from 'kysely';

/** Where somebody still has to say or do something; the alias of `recall_match` is `m`. */
export const isOpen = sql.raw(`(m.certainty <> 'unlikely' and (m.state in ('undecided', 'ours')
  or (m.state = 'not-ours' and m.certainty = 'certain' and m.decided_certainty <> 'certain')))`);

/** A person said that it is not ours, and it has become certain since. */
export const isReconsidered = sql.raw(
  `(m.state = 'not-ours' and m.certainty = 'certain' and m.decided_certainty <> 'certain')`,
);
