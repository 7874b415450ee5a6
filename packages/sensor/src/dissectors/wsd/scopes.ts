import { factText } from '../../text/wire-text.ts';
import { MAX_ITEMS, MAX_TEXT } from './limits.ts';

export interface Scopes {
  /** Scopes of kinds that name no person. */
  shown: string[];
  /** Patients that the scopes of a medical device name (IEEE 11073-20701 §9.4.2). */
  patients: string[];
  /** What ONVIF cameras say by scope (ONVIF Core §7.3.2.2). */
  name: string | undefined;
  hardware: string | undefined;
  location: string | undefined;
}

/** Location, service and product of medical devices; the scopes of ONVIF. Any other may be about anybody. */
const harmless = /^(sdc\.ctxt\.loc:|sdc\.mds\.pkp:|sdc\.cdc\.type:|onvif:\/\/www\.onvif\.org\/)/i;

export function readScopes(text: string): Scopes {
  const all = text.split(/\s+/, MAX_ITEMS * 2).filter((scope) => scope !== '');
  const shown = all.filter((scope) => harmless.test(scope)).slice(0, MAX_ITEMS);
  const value = (kind: string) => onvif(shown, kind);
  return {
    shown: shown.flatMap((scope) => factText(scope, MAX_TEXT) ?? []),
    patients: all.filter((scope) => /^sdc\.ctxt\.pat:/i.test(scope)),
    name: value('name'),
    hardware: value('hardware'),
    location: value('location') ?? place(shown),
  };
}

function onvif(scopes: readonly string[], kind: string): string | undefined {
  const prefix = `onvif://www.onvif.org/${kind}/`;
  const values = scopes.filter((scope) => scope.toLowerCase().startsWith(prefix));
  return factText(values.map((scope) => decoded(scope.slice(prefix.length))).join(', '), MAX_TEXT);
}

/** Facility, building, floor, point of care, room and bed from the location context (IEEE 11073-20701 §9.4.1.2). */
function place(scopes: readonly string[]): string | undefined {
  const scope = scopes.find((one) => /^sdc\.ctxt\.loc:/i.test(one));
  const query = scope?.split('?', 2)[1] ?? '';
  const pairs = query.split('&', MAX_ITEMS).map((pair) => pair.split('=', 2));
  const named = ['fac', 'bldng', 'flr', 'poc', 'rm', 'bed'].flatMap(
    (name) => pairs.find(([key]) => key === name)?.[1] ?? [],
  );
  return factText(named.map(decoded).join(', '), MAX_TEXT);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
