import { useState } from 'react';

/**
 * What somebody typed and did not send, for when automatic log-off takes the page away. It lives in this window's memory only:
 * browser storage would outlive the session on a ward's machine, and whoever else signs in here finds none of it.
 */
const kept = { whose: '', values: new Map<string, unknown>() };

/** From now on drafts are this person's; another's are gone. */
export function keepDraftsOf(actor: string): void {
  if (kept.whose === actor) return;
  kept.whose = actor;
  kept.values.clear();
}

export const hasDrafts = (): boolean => kept.values.size > 0;

const keyOf = (form: string, field: string): string => `${form}\n${field}`;

/** A form was sent, or left on purpose. */
export function forgetDrafts(form: string): void {
  for (const key of kept.values.keys()) if (key.startsWith(keyOf(form, ''))) kept.values.delete(key);
}

/** Who signs out by their own hand leaves nothing behind. */
export function forgetEveryDraft(): void {
  kept.values.clear();
}

export function draftOf<T>(form: string, field: string, initial: T): T {
  const key = keyOf(form, field);
  return kept.values.has(key) ? (kept.values.get(key) as T) : initial;
}

export function keepDraft(form: string, field: string, value: unknown): void {
  kept.values.set(keyOf(form, field), value);
}

/** State of one field of a form, by the form's title, which begins with what was typed there before. Never for secrets. */
export function useDraft<T>(form: string, field: string, initial: T): [value: T, set: (next: T) => void] {
  const [value, setValue] = useState<T>(() => draftOf(form, field, initial));
  const set = (next: T) => {
    keepDraft(form, field, next);
    setValue(next);
  };
  return [value, set];
}
