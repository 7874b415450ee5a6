import { BerReader, integerOf, objectId, tags } from '../../bytes/ber.ts';
import { MAX_BINDINGS, MAX_COMMUNITY } from './limits.ts';

export type SnmpVersion = '1' | '2c' | '3';
export type Operation = 'get' | 'get-next' | 'response' | 'set' | 'trap' | 'get-bulk' | 'inform' | 'report';

export interface Binding {
  name: string;
  tag: number;
  value: Uint8Array;
}

export interface Pdu {
  operation: Operation;
  /** 0: no error (RFC 3416 §3). */
  errorStatus: number;
  bindings: Binding[];
}

export interface SnmpMessage {
  version: SnmpVersion;
  /** Versions 1 and 2c. */
  community: Uint8Array | null;
  /** Version 3 (RFC 3412 §6.4): are there authentication and encryption? */
  authenticated: boolean;
  encrypted: boolean;
  engineId: Uint8Array | null;
  /** How often the engine was started (RFC 3414 §2.2). */
  engineBoots: number | null;
  userName: Uint8Array | null;
  /** Null where it is encrypted. */
  pdu: Pdu | null;
}

const operations: Readonly<Record<number, Operation>> = {
  160: 'get',
  161: 'get-next',
  162: 'response',
  163: 'set',
  164: 'trap',
  165: 'get-bulk',
  166: 'inform',
  167: 'trap',
  168: 'report',
};
const TRAP_V1 = 0xa4;
const AUTHENTICATED = 1;
const ENCRYPTED = 2;

/** A message of RFC 1157, RFC 1901 or RFC 3412; null where the bytes are none. */
export function readMessage(bytes: Uint8Array): SnmpMessage | null {
  const content = new BerReader(bytes).take(tags.sequence);
  if (content === null) return null;
  const reader = new BerReader(content);
  const version = integerOf(reader.take(tags.integer));
  if (version === 0 || version === 1) return communityMessage(reader, version === 0 ? '1' : '2c');
  return version === 3 ? userMessage(reader) : null;
}

function communityMessage(reader: BerReader, version: SnmpVersion): SnmpMessage | null {
  const community = reader.take(tags.octetString);
  const pdu = readPdu(reader);
  if (community === null || pdu === null || community.length > MAX_COMMUNITY) return null;
  return {
    version,
    community,
    authenticated: false,
    encrypted: false,
    engineId: null,
    engineBoots: null,
    userName: null,
    pdu,
  };
}

function userMessage(reader: BerReader): SnmpMessage | null {
  const flags = globalFlags(reader.take(tags.sequence));
  const security = reader.take(tags.octetString);
  const data = reader.next();
  if (flags === null || security === null || data === null) return null;
  const encrypted = (flags & ENCRYPTED) !== 0;
  if (data.tag !== (encrypted ? tags.octetString : tags.sequence)) return null;
  return {
    version: '3',
    community: null,
    authenticated: (flags & AUTHENTICATED) !== 0,
    encrypted,
    ...securityOf(security),
    pdu: encrypted ? null : scopedPdu(data.content),
  };
}

/** Message id, largest size, flags, security model. */
function globalFlags(content: Uint8Array | null): number | null {
  if (content === null) return null;
  const reader = new BerReader(content);
  reader.take(tags.integer);
  reader.take(tags.integer);
  const flags = reader.take(tags.octetString);
  reader.take(tags.integer);
  return reader.failed || flags?.length !== 1 ? null : flags[0]!;
}

/** The user security model's parameters (RFC 3414 §2.4): engine, its boots and its time, user name. */
function securityOf(security: Uint8Array): Pick<SnmpMessage, 'engineId' | 'engineBoots' | 'userName'> {
  const reader = new BerReader(new BerReader(security).take(tags.sequence) ?? new Uint8Array(0));
  const engine = reader.take(tags.octetString);
  const engineBoots = unsignedOf(reader.take(tags.integer));
  reader.take(tags.integer);
  const userName = reader.take(tags.octetString);
  const engineId = engine === null || engine.length < 5 || engine.length > 32 ? null : engine;
  return { engineId, engineBoots, userName };
}

/** Never negative (RFC 3414 §2.4); some agents leave out the zero byte that would say so. */
function unsignedOf(content: Uint8Array | null): number | null {
  if (content === null || content.length === 0 || content.length > 5) return null;
  return content.reduce((value, byte) => value * 256 + byte, 0);
}

function scopedPdu(content: Uint8Array): Pdu | null {
  const reader = new BerReader(content);
  reader.take(tags.octetString);
  reader.take(tags.octetString);
  return readPdu(reader);
}

function readPdu(reader: BerReader): Pdu | null {
  const element = reader.next();
  const operation = operations[element?.tag ?? 0];
  if (element === null || operation === undefined) return null;
  if (element.tag === TRAP_V1) return { operation, errorStatus: 0, bindings: [] };
  const fields = new BerReader(element.content);
  fields.take(tags.integer);
  const errorStatus = integerOf(fields.take(tags.integer));
  fields.take(tags.integer);
  const list = fields.take(tags.sequence);
  if (fields.failed || errorStatus === null || list === null) return null;
  return { operation, errorStatus, bindings: readBindings(list) };
}

function readBindings(list: Uint8Array): Binding[] {
  const bindings: Binding[] = [];
  const reader = new BerReader(list);
  while (reader.left > 0 && bindings.length < MAX_BINDINGS) {
    const content = reader.take(tags.sequence);
    const binding = content === null ? null : readBinding(content);
    if (binding !== null) bindings.push(binding);
  }
  return bindings;
}

function readBinding(content: Uint8Array): Binding | null {
  const reader = new BerReader(content);
  const identifier = reader.take(tags.objectId);
  const value = reader.next();
  const name = identifier === null ? null : objectId(identifier);
  return name === null || value === null ? null : { name, tag: value.tag, value: value.content };
}
