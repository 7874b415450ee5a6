import { refuse } from './error.ts';
import { SCIM_TEXT_LETTERS, SCIM_VALUES } from './limits.ts';
import { keyed } from './patch.ts';

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** What Wardline keeps of a provider's user: who it is, and whether they may come in. */
export interface ScimUser {
  userName: string;
  externalId: string | null;
  displayName: string;
  name: { formatted?: string; givenName?: string; familyName?: string };
  emails: { value: string; type?: string; primary?: boolean }[];
  active: boolean;
}

export interface ScimGroup {
  displayName: string;
  externalId: string | null;
  /** Ids of users. */
  members: string[];
}

/**
 * Reads a user as a provider sends it. `active` is taken in the forms that providers send it in (`"False"`, `"true"`, 0); a value
 * that cannot be understood is refused, so that nobody stays in by a misunderstanding. What Wardline has no use for is left out.
 * @throws ScimRefusal (`invalidValue`)
 */
export function readUser(body: unknown): ScimUser {
  const userName = textOf(body, 'userName');
  if (userName === null) throw refuse('invalidValue', 'userName: expected a text');
  const name = keyed(body, 'name');
  const names = {
    formatted: textOf(name, 'formatted') ?? undefined,
    givenName: textOf(name, 'givenName') ?? undefined,
    familyName: textOf(name, 'familyName') ?? undefined,
  };
  const spoken = [names.givenName, names.familyName].filter((part) => part !== undefined).join(' ');
  return {
    userName,
    externalId: textOf(body, 'externalId'),
    displayName: textOf(body, 'displayName') ?? names.formatted ?? (spoken === '' ? userName : spoken),
    name: JSON.parse(JSON.stringify(names)) as ScimUser['name'],
    emails: emailsOf(keyed(body, 'emails')),
    active: activeOf(keyed(body, 'active')),
  };
}

/** Absent means active (RFC 7643 §4.1.1 leaves it to the provider; every provider means it so). */
function activeOf(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  const word = typeof value === 'object' ? activeWord(keyed([value].flat()[0], 'value')) : activeWord(value);
  if (word === null) throw refuse('invalidValue', 'active: expected true or false');
  return word;
}

function activeWord(value: unknown): boolean | null {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return null;
  const word = String(value).trim().toLowerCase();
  if (word === 'true' || word === '1') return true;
  return word === 'false' || word === '0' ? false : null;
}

function textOf(value: unknown, name: string): string | null {
  const text = keyed(value, name);
  if (text === undefined || text === null || text === '') return null;
  if (typeof text !== 'string' && typeof text !== 'number')
    throw refuse('invalidValue', `${name}: expected a text`);
  const trimmed = String(text).trim();
  if (trimmed === '') return null;
  if (trimmed.length > SCIM_TEXT_LETTERS)
    throw refuse('invalidValue', `${name}: more than ${SCIM_TEXT_LETTERS} letters`);
  return trimmed;
}

function listOf(value: unknown, name: string): unknown[] {
  const list = value === undefined || value === null ? [] : [value].flat();
  if (list.length > SCIM_VALUES) throw refuse('tooMany', `${name}: more than ${SCIM_VALUES} values`);
  return list;
}

function emailsOf(value: unknown): ScimUser['emails'] {
  return listOf(value, 'emails').flatMap((one) => {
    const address = typeof one === 'string' ? one : textOf(one, 'value');
    if (address === null) return [];
    const type = textOf(one, 'type');
    const primary = activeWord(keyed(one, 'primary')) === true;
    return [{ value: address, ...(type === null ? {} : { type }), ...(primary ? { primary } : {}) }];
  });
}

/** @throws ScimRefusal (`invalidValue`) */
export function readGroup(body: unknown): ScimGroup {
  const displayName = textOf(body, 'displayName');
  if (displayName === null) throw refuse('invalidValue', 'displayName: expected a text');
  const members = listOf(keyed(body, 'members'), 'members').map((one) => {
    const id = typeof one === 'string' ? one : textOf(one, 'value');
    if (id === null) throw refuse('invalidValue', 'members: expected the id of a user in each');
    return id;
  });
  return { displayName, externalId: textOf(body, 'externalId'), members: [...new Set(members)] };
}

export const emailOf = ({ emails }: ScimUser): string | null =>
  (emails.find(({ primary }) => primary) ?? emails[0])?.value ?? null;
