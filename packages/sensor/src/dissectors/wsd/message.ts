import { latin1 } from '../../text/wire-text.ts';
import { isWithin, localName, scanXml, type XmlElement } from '../../xml/scan.ts';
import { MAX_ITEMS, MAX_MATCHES, NAMESPACE_WITHIN } from './limits.ts';

/** WS-Discovery of 2005, and 1.1 of OASIS. */
const namespaces = [
  'schemas.xmlsoap.org/ws/2005/04/discovery',
  'docs.oasis-open.org/ws-dd/ns/discovery/2009/01',
];

export type DiscoveryKind = 'Hello' | 'Bye' | 'Probe' | 'Resolve' | 'ProbeMatches' | 'ResolveMatches';
const kinds: readonly string[] = ['Hello', 'Bye', 'Probe', 'Resolve', 'ProbeMatches', 'ResolveMatches'];

/** One device that a message describes. */
export interface Described {
  types: string[];
  scopes: string;
  address: string;
  xaddrs: string[];
}

/** SOAP begins with a tag; the namespace decides. */
export function isDiscovery(bytes: Uint8Array): boolean {
  const text = latin1(bytes, 0, NAMESPACE_WITHIN);
  return text.includes('Envelope') && namespaces.some((namespace) => text.includes(namespace));
}

/** The kind of message is the element in the body (WS-Discovery 1.1 §4 to §6). */
export function readDiscovery(text: string): { kind: DiscoveryKind; devices: Described[] } | null {
  const elements = scanXml(text);
  const top = elements.find((element) => isWithin(element, 'Body', 'Envelope'));
  if (top === undefined || !kinds.includes(top.name)) return null;
  return { kind: top.name as DiscoveryKind, devices: devicesOf(top, elements) };
}

function devicesOf(top: XmlElement, elements: readonly XmlElement[]): Described[] {
  if (top.name === 'Probe' || top.name === 'Resolve' || top.name === 'Bye') return [];
  const owners = top.name === 'Hello' ? [top] : elements.filter((element) => element.parent === top);
  return owners.slice(0, MAX_MATCHES).map((owner) => described(owner, elements));
}

function described(owner: XmlElement, elements: readonly XmlElement[]): Described {
  const own = (name: string) =>
    elements.find((element) => element.parent === owner && element.name === name)?.text.trim() ?? '';
  const address = elements.find(
    (element) =>
      element.name === 'Address' &&
      isWithin(element, 'EndpointReference') &&
      element.parent?.parent === owner,
  );
  return {
    types: words(own('Types')).map(localName),
    scopes: own('Scopes'),
    address: address?.text.trim() ?? '',
    xaddrs: words(own('XAddrs')),
  };
}

function words(text: string): string[] {
  return text.split(/\s+/, MAX_ITEMS).filter((word) => word !== '');
}
