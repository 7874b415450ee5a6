import { UpdatesFault } from '../fault.ts';
import { ROLE_KEYS } from '../limits.ts';
import { integerAt, isObject, type Json, type JsonObject, objectAt, textAt, textsAt } from './json.ts';

/** A public key as metadata has it (TUF §4.2). Its identifier is the name under which it stands, however it was made. */
export interface Key {
  id: string;
  type: string;
  scheme: string;
  public: string;
}

export type Keys = ReadonlyMap<string, Key>;

/** Who may sign, and how many of them must. */
export interface Role {
  keyIds: readonly string[];
  threshold: number;
}

export function readKeys(value: JsonObject): Keys {
  return new Map(Object.entries(value).map(([id, key]) => [id, readKey(id, key)]));
}

function readKey(id: string, value: Json): Key {
  if (!isObject(value)) throw new UpdatesFault('malformed', `key ${id} is no object`);
  const pub = textAt(objectAt(value, 'keyval'), 'public');
  return { id, type: textAt(value, 'keytype'), scheme: textAt(value, 'scheme'), public: pub };
}

/** TUF §4.3: identifiers are unique, the threshold is at least one. */
export function readRole(value: JsonObject): Role {
  const keyIds = textsAt(value, 'keyids');
  if (keyIds.length > ROLE_KEYS) throw new UpdatesFault('too-long', `a role has more than ${ROLE_KEYS} keys`);
  if (new Set(keyIds).size !== keyIds.length)
    throw new UpdatesFault('malformed', 'a role names one key more than once');
  return { keyIds, threshold: integerAt(value, 'threshold', 1) };
}
