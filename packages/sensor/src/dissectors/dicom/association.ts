import { factText, latin1 } from '../../text/wire-text.ts';
import { MAX_CONTEXTS, MAX_IDENTITY, MAX_SYNTAXES } from './limits.ts';

export interface ProposedContext {
  id: number;
  abstractSyntax: string;
  transferSyntaxes: string[];
}

export interface AnsweredContext {
  id: number;
  /** 0 is acceptance (PS3.8 §9.3.3.2). */
  result: number;
  transferSyntax: string;
}

/** User identity as proposed (PS3.7 annex D.3.3.7): 1 user name, 2 with passcode, 3 Kerberos, 4 SAML, 5 JWT. */
export interface UserIdentity {
  type: number;
  wantsAnswer: boolean;
  primary: Uint8Array;
  secondary: Uint8Array;
}

/** An A-ASSOCIATE-RQ or -AC; what only one of them has is empty in the other. */
export interface Association {
  calledAe: string;
  callingAe: string;
  proposed: ProposedContext[];
  answered: AnsweredContext[];
  maximumLength: number | undefined;
  implementationClassUid: string | undefined;
  implementationVersion: string | undefined;
  identity: UserIdentity | null;
  /** A user identity response is there, which says that the identity was taken. */
  identityAnswered: boolean;
}

interface Item {
  type: number;
  body: Uint8Array;
}

/** Reads what follows the PDU header; null where the items don't fit into one another. */
export function parseAssociation(body: Uint8Array): Association | null {
  const items = readItems(body.subarray(68));
  if (items === null) return null;
  const association: Association = {
    calledAe: title(body, 4),
    callingAe: title(body, 20),
    proposed: [],
    answered: [],
    maximumLength: undefined,
    implementationClassUid: undefined,
    implementationVersion: undefined,
    identity: null,
    identityAnswered: false,
  };
  return items.every((item) => takeItem(association, item)) ? association : null;
}

function takeItem(association: Association, { type, body }: Item): boolean {
  if (type === 0x20) return takeProposed(association, body);
  if (type === 0x21) return takeAnswered(association, body);
  if (type !== 0x50) return true;
  const items = readItems(body);
  for (const item of items ?? []) takeUserInformation(association, item);
  return items !== null;
}

function takeProposed(association: Association, body: Uint8Array): boolean {
  const items = readItems(body.subarray(4));
  if (items === null || association.proposed.length >= MAX_CONTEXTS) return false;
  const context: ProposedContext = { id: body[0] ?? 0, abstractSyntax: '', transferSyntaxes: [] };
  for (const item of items) {
    const name = uid(item.body);
    if (item.type === 0x30) context.abstractSyntax = name ?? '';
    else if (name !== undefined && context.transferSyntaxes.length < MAX_SYNTAXES) {
      context.transferSyntaxes.push(name);
    }
  }
  association.proposed.push(context);
  return true;
}

function takeAnswered(association: Association, body: Uint8Array): boolean {
  const items = readItems(body.subarray(4));
  if (items === null || association.answered.length >= MAX_CONTEXTS) return false;
  const syntax = items.find((item) => item.type === 0x40);
  association.answered.push({
    id: body[0] ?? 0,
    result: body[2] ?? 0,
    transferSyntax: (syntax && uid(syntax.body)) ?? '',
  });
  return true;
}

/** PS3.7 annex D.3.3; asynchronous operations, roles and extended negotiation say nothing of who it is. */
function takeUserInformation(association: Association, { type, body }: Item): void {
  if (type === 0x51 && body.length >= 4) association.maximumLength = uint32(body);
  else if (type === 0x52) association.implementationClassUid = uid(body);
  else if (type === 0x55) association.implementationVersion = factText(body, 16);
  else if (type === 0x58) association.identity = parseIdentity(body);
  else if (type === 0x59) association.identityAnswered = true;
}

function parseIdentity(body: Uint8Array): UserIdentity | null {
  const primaryLength = uint16(body, 2);
  const secondaryAt = 4 + primaryLength;
  const secondaryEnd = secondaryAt + 2 + uint16(body, secondaryAt);
  if (body.length < 6 || secondaryEnd > body.length) return null;
  return {
    type: body[0] ?? 0,
    wantsAnswer: body[1] === 1,
    primary: new Uint8Array(body.subarray(4, Math.min(secondaryAt, 4 + MAX_IDENTITY))),
    secondary: new Uint8Array(
      body.subarray(secondaryAt + 2, Math.min(secondaryEnd, secondaryAt + 2 + MAX_IDENTITY)),
    ),
  };
}

/** Type, a reserved byte, length and value, one behind another (PS3.8 §9.3.2). */
function readItems(bytes: Uint8Array): Item[] | null {
  const items: Item[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = at + 4 + uint16(bytes, at + 2);
    if (at + 4 > bytes.length || end > bytes.length) return null;
    items.push({ type: bytes[at] ?? 0, body: bytes.subarray(at + 4, end) });
    at = end;
  }
  return items;
}

function title(body: Uint8Array, at: number): string {
  return factText(latin1(body, at, at + 16), 16) ?? '';
}

/** A UID (PS3.5 §9.1), padding dropped; undefined where it is none. */
export function uid(bytes: Uint8Array): string | undefined {
  if (bytes.length > 66) return undefined;
  const text = latin1(bytes).replace(/[\0 ]+$/, '');
  return /^[0-9][0-9.]{0,63}$/.test(text) ? text : undefined;
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function uint32(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
}
