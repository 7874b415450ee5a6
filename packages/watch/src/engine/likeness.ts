import { KEPT_MEMBERS, KEPT_TEXT } from '../limits.ts';

/** In an exemplar: another looks at this part. */
export const anything = Symbol('anything');

/**
 * True where a value that was stored is of the form of an exemplar, within bounds. Of the exemplar count the kinds of its parts: `[x]` is a
 * list of such, `[]` of texts, a longer one has exactly so many places; `{ '*': x }` has any names, `{}` any names with numbers.
 */
export function isLike(value: unknown, exemplar: unknown): boolean {
  if (exemplar === anything) return value !== undefined;
  if (typeof exemplar === 'number') return Number.isFinite(value);
  if (typeof exemplar === 'string') return typeof value === 'string' && value.length <= KEPT_TEXT;
  if (typeof exemplar === 'boolean') return typeof value === 'boolean';
  if (exemplar === null) return value === null || isLike(value, '');
  if (Array.isArray(exemplar)) return Array.isArray(value) && isListLike(value, exemplar);
  return isRecord(value) && isRecordLike(value, exemplar as Record<string, unknown>);
}

function isListLike(value: readonly unknown[], exemplar: readonly unknown[]): boolean {
  if (exemplar.length > 1)
    return value.length === exemplar.length && value.every((item, at) => isLike(item, exemplar[at]));
  const member = exemplar.length === 0 ? '' : exemplar[0];
  return value.length <= KEPT_MEMBERS && value.every((item) => isLike(item, member));
}

function isRecordLike(value: Record<string, unknown>, exemplar: Record<string, unknown>): boolean {
  const [names, wanted] = [Object.keys(value), Object.keys(exemplar)];
  if (wanted.length > 0 && wanted[0] !== '*')
    return names.length === wanted.length && wanted.every((name) => isLike(value[name], exemplar[name]));
  const member = wanted.length === 0 ? 0 : exemplar['*'];
  return (
    names.length <= KEPT_MEMBERS &&
    names.every((name) => name.length <= KEPT_TEXT && isLike(value[name], member))
  );
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Something that says of a stored state whether it can go on from it. */
export interface Accepting {
  accepts: (state: unknown) => boolean;
}

/** True where each part is there and accepts its own. */
export function acceptParts(state: unknown, parts: Readonly<Record<string, Accepting>>): boolean {
  return isRecord(state) && Object.entries(parts).every(([name, part]) => part.accepts(state[name]));
}

/** What evidence looks like, in exemplars. */
export const anyEvidence = { capture: '', packet: 1 };
