/** Bounds of keys, each with its reason. */

/** A passphrase is one that no list of passwords holds; a generated one has 22 characters for 128 bits. */
export const PASSPHRASE_CHARACTERS = 16;
/** scrypt (RFC 7914) with 128 MiB: some tenths of a second at each start, and as much for each guess. */
export const PASSPHRASE_COST = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 } as const;
/** Names of zones are short; a thousand zones are many. */
export const ZONE_CHARACTERS = 80;
/** Rows that are sealed anew in one step, so that nobody waits for a lock. */
export const RESEAL_ROWS = 200;
/**
 * A retired key that nothing needs any more is destroyed only after an hour: a transaction, or another server on the same database,
 * may still seal by it.
 */
export const DESTROY_AFTER_MICROS = 3_600_000_000;
/** A security module answers within a second; a network one that is away must not hold the start for ever. */
export const MODULE_MILLISECONDS = 30_000;
