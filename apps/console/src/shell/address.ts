import { useLocation, useRouter, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

/** The query string of the page, all of it text: the address is the state that a colleague can be sent. */
export type Address = Record<string, string>;
export type AddressChange = Record<string, string | undefined>;

/** Writes an address; empty values are left out. */
export function addressOf(path: string, values: AddressChange = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value) query.set(name, value);
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

export function parseAddress(text: string): Address {
  return Object.fromEntries(new URLSearchParams(text));
}

export interface AddressState {
  path: string;
  values: Address;
  /** Lays the change over the query string. `replace` keeps typing out of the browser's history. */
  change: (change: AddressChange, how?: { replace?: boolean }) => void;
  go: (href: string) => void;
}

export function useAddress(): AddressState {
  const router = useRouter();
  const path = useLocation({ select: (location) => location.pathname });
  const values: Address = useSearch({ strict: false });
  const change = useCallback(
    (next: AddressChange, how?: { replace?: boolean }) => {
      const { pathname, searchStr } = router.latestLocation;
      const href = addressOf(pathname, { ...parseAddress(searchStr), ...next });
      if (how?.replace) router.history.replace(href);
      else router.history.push(href);
    },
    [router],
  );
  const go = useCallback((href: string) => router.history.push(href), [router]);
  return { path, values, change, go };
}

/** The chosen values of a list parameter (`a,b`). */
export function listOf(value: string | undefined): string[] {
  return value ? value.split(',') : [];
}

export function toggled(value: string | undefined, item: string): string {
  const list = listOf(value);
  return (list.includes(item) ? list.filter((other) => other !== item) : [...list, item]).join(',');
}
