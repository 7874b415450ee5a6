import type { InterfaceKind, RiskyInterface } from '@wardline/knowledge';
import type { Asset, Service } from '@wardline/model';
import type { Lexicon } from '../lexicon.ts';

/** A service of an asset by which it can be reached past its purpose. */
export interface Offered {
  service: Service;
  what: RiskyInterface;
  /** It was recognised by what it answered; otherwise its port is usual for it. */
  isRecognised: boolean;
  /** Somebody besides a scanner was seen to use it. */
  isUsed: boolean;
}

/** What of the kinds an asset offers, on the wire or to a scan. */
export function offeredBy(
  asset: Pick<Asset, 'services'>,
  kinds: readonly InterfaceKind[],
  lexicon: Lexicon,
): Offered[] {
  const interfaces = lexicon.interfaces.filter(({ kind }) => kinds.includes(kind));
  return asset.services.flatMap((service): Offered[] => {
    const names = namesOf(service);
    const isUsed = service.clients > 0;
    const named = interfaces.find((what) => names.some((name) => what.names.includes(name)));
    if (named !== undefined) return [{ service, what: named, isRecognised: true, isUsed }];
    if (names.length > 0) return [];
    const place = `${service.transport}/${service.port}`;
    const usual = interfaces.find(({ ports }) => ports.includes(place));
    return usual === undefined ? [] : [{ service, what: usual, isRecognised: false, isUsed }];
  });
}

/** What it was recognised as: on the wire, or by a scanner from its answer unless the wire says otherwise. */
function namesOf({ application, scan }: Service): string[] {
  const scanned = scan?.basis === 'answer' && !scan.contradicted ? scan.name : null;
  return [application, scanned].filter((name) => name !== null);
}

/** `Telnet at tcp/23`. */
export const placeOf = ({ service, what }: Offered): string =>
  `${what.label} at ${service.transport}/${service.port}`;
