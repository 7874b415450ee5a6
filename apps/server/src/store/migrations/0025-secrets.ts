import type { Migration } from './index.ts';

/** Secrets of the platform itself, each sealed by the key of its zone; they lay beside the database in files before. */
export const secrets: Migration = {
  name: '0025-secrets',
  statements: `create table secret (name text primary key, sealed bytea not null);`,
};
