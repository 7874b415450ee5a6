import { type Api, apiByPath, apiByTypes } from './api.ts';
import { type CredentialSeed, credentialsInFields, credentialsInPairs } from './credentials.ts';
import type { RequestHead } from './head.ts';
import { parsePairs, pathOf, queryOf } from './pairs.ts';

/** What is kept of a request until its response has come. The path stays here; it is never reported. */
export interface Exchange {
  method: string;
  path: string;
  api: Api | null;
  seeds: CredentialSeed[];
  /** Somebody showed something: credentials, a token, a session. */
  proves: boolean;
  answered: number | null;
}

const LONGEST_PATH = 512;

export function openExchange({ method, target, fields }: RequestHead): Exchange {
  const query = queryOf(target);
  const path = pathOf(target).slice(-LONGEST_PATH);
  const seeds = [...credentialsInFields(fields), ...credentialsInPairs(parsePairs(query), 'query')];
  const proves = seeds.length > 0 || fields.has('authorization') || fields.has('cookie');
  return { method, path, api: apiByTypes(fields) ?? apiByPath(path, query), seeds, proves, answered: null };
}
