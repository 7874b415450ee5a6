import type { Migration } from './index.ts';

/** Witnesses that take heads over the network (C2SP tlog-witness) have a place where they do. */
export const ledgerWitnessUrl: Migration = {
  name: '0016-ledger-witness-url',
  statements: `alter table ledger_witness add column url text;`,
};
