import { networkInterfaces } from 'node:os';
import { type Told, text } from './talk.ts';

/** WS-Discovery is spoken on this group and port, in both of its versions. */
export const GROUP = '239.255.255.250';
export const PORT = 3702;

/** The two versions differ in their name spaces only, as far as these messages go. */
export const versions = {
  /** The submission of April 2005, which ONVIF and printers speak. */
  early: {
    soap: 'http://www.w3.org/2003/05/soap-envelope',
    addressing: 'http://schemas.xmlsoap.org/ws/2004/08/addressing',
    discovery: 'http://schemas.xmlsoap.org/ws/2005/04/discovery',
    to: 'urn:schemas-xmlsoap-org:ws:2005:04:discovery',
  },
  /** OASIS WS-Discovery 1.1, which IEEE 11073-20702 builds on. */
  oasis: {
    soap: 'http://www.w3.org/2003/05/soap-envelope',
    addressing: 'http://www.w3.org/2005/08/addressing',
    discovery: 'http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01',
    to: 'urn:docs-oasis-open-org:ws-dd:ns:discovery:2009:01',
  },
} as const;
export type Version = (typeof versions)[keyof typeof versions];

let sent = 0;

/** The same messages of a device have the same identifiers in each recording. */
function messageId(): string {
  sent += 1;
  const host = ownAddress({}).split('.').at(-1) ?? '0';
  return `urn:uuid:5e000000-0000-4000-8000-${host.padStart(4, '0')}${String(sent).padStart(8, '0')}`;
}

export interface Envelope {
  version: Version;
  action: string;
  to?: string;
  relatesTo?: string;
  /** A target numbers what it announces (WS-Discovery 1.1 §8.1 AppSequence). */
  announced?: boolean;
  /** Name spaces of the body, prefix → name. */
  spaces?: Record<string, string>;
  body: string;
}

export function envelope({ version, action, to, relatesTo, announced, spaces = {}, body }: Envelope): string {
  const names = { s: version.soap, a: version.addressing, d: version.discovery, ...spaces };
  const declared = Object.entries(names).map(([prefix, name]) => ` xmlns:${prefix}="${name}"`);
  const header = [
    `<a:Action>${action}</a:Action>`,
    `<a:MessageID>${messageId()}</a:MessageID>`,
    to === undefined ? '' : `<a:To>${to}</a:To>`,
    relatesTo === undefined ? '' : `<a:RelatesTo>${relatesTo}</a:RelatesTo>`,
    announced === true ? `<d:AppSequence InstanceId="1" MessageNumber="${sent}"/>` : '',
  ];
  const inner = `<s:Header>${header.join('')}</s:Header><s:Body>${body}</s:Body>`;
  return `<?xml version="1.0" encoding="UTF-8"?><s:Envelope${declared.join('')}>${inner}</s:Envelope>`;
}

export interface Target {
  uuid: string;
  types: string;
  scopes: string;
  address: string;
}

function targetOf({ uuid, types, scopes, address }: Target): string {
  const reference = `<a:EndpointReference><a:Address>${uuid}</a:Address></a:EndpointReference>`;
  const what = `<d:Types>${types}</d:Types><d:Scopes>${scopes}</d:Scopes>`;
  return `${reference}${what}<d:XAddrs>${address}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion>`;
}

type Spaces = Record<string, string>;

export function hello(version: Version, target: Target, spaces: Spaces): string {
  const body = `<d:Hello>${targetOf(target)}</d:Hello>`;
  return envelope({
    version,
    action: `${version.discovery}/Hello`,
    to: version.to,
    announced: true,
    spaces,
    body,
  });
}

export function bye(version: Version, { uuid }: Target): string {
  const reference = `<a:EndpointReference><a:Address>${uuid}</a:Address></a:EndpointReference>`;
  const body = `<d:Bye>${reference}</d:Bye>`;
  return envelope({ version, action: `${version.discovery}/Bye`, to: version.to, announced: true, body });
}

export function probe(version: Version, types: string, spaces: Spaces): string {
  const body = `<d:Probe><d:Types>${types}</d:Types></d:Probe>`;
  return envelope({ version, action: `${version.discovery}/Probe`, to: version.to, spaces, body });
}

export function probeMatches(version: Version, target: Target, probed: string, spaces: Spaces): string {
  const body = `<d:ProbeMatches><d:ProbeMatch>${targetOf(target)}</d:ProbeMatch></d:ProbeMatches>`;
  const action = `${version.discovery}/ProbeMatches`;
  const to = `${version.addressing}/anonymous`;
  return envelope({ version, action, to, relatesTo: idOf(probed), announced: true, spaces, body });
}

export function idOf(message: string): string {
  return elementOf(message, 'MessageID');
}

/** The text of the first element of that name, whatever its prefix. */
export function elementOf(message: string, name: string): string {
  return new RegExp(`<(?:\\w+:)?${name}[^>]*>([^<]*)<`).exec(message)?.[1]?.trim() ?? '';
}

/** Multicast leaves by the device's one network card. */
export function ownAddress(told: Told): string {
  const found = Object.values(networkInterfaces())
    .flat()
    .find((entry) => entry?.family === 'IPv4' && !entry.internal);
  return found?.address ?? text(told, 'ip');
}

export function answer200(body: string, type: string, server?: string): string {
  const named = server === undefined ? '' : `Server: ${server}\r\n`;
  const head = `HTTP/1.1 200 OK\r\n${named}Content-Type: ${type}\r\n`;
  return `${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

export function post(
  url: string,
  body: string,
  type: string,
  agent: string,
): { host: string; at: number; request: string } {
  const { hostname, port, pathname } = new URL(url);
  const head = [
    `POST ${pathname} HTTP/1.1`,
    `Host: ${hostname}:${port || 80}`,
    `User-Agent: ${agent}`,
    `Content-Type: ${type}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return { host: hostname, at: Number(port || 80), request: `${head.join('\r\n')}\r\n\r\n${body}` };
}
