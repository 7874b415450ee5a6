import { type Packet, packetTags } from './packets.ts';
import { isMadeBy, isRevokedBy, type PublicKey, readPublicKey } from './public-key.ts';
import { readSignature, type SignaturePacket, signatureTypes } from './signature-packet.ts';

/** One of the keys of a certificate, and whether it may sign documents. */
export interface SigningKey {
  key: PublicKey;
  /** Of the primary key, which names the certificate. */
  primary: string;
  /** Null where it may sign; otherwise why it may not, as the end of a sentence about a signature. */
  why: string | null;
}

interface Part {
  packet: Packet;
  signatures: SignaturePacket[];
}

const SIGNS = 0x02;
/** A key's clock may be this far ahead, in seconds. */
const CLOCK_AHEAD = 24 * 3600;

/**
 * The keys of one certificate: packets from one public key to the next (RFC 9580 §10.1).
 * @param now seconds since 1970
 */
export function readCertificate(packets: readonly Packet[], now: number): SigningKey[] {
  const [first, ...parts] = partsOf(packets);
  const primary = first === undefined ? null : readPublicKey(first.packet.body);
  if (first === undefined || primary === null) return [];
  const state = primaryState(primary, first, parts, now);
  const subkeys = parts
    .filter(({ packet }) => packet.tag === packetTags.publicSubkey)
    .flatMap((part) => subkeyOf(primary, part, state.isDead, now));
  return [{ key: primary, primary: primary.fingerprint, why: state.why }, ...subkeys];
}

/** Keys and names, each with the signatures that follow it. */
function partsOf(packets: readonly Packet[]): Part[] {
  const parts: Part[] = [];
  for (const packet of packets)
    if (packet.tag === packetTags.signature) {
      const signature = readSignature(packet);
      if (signature !== null) parts.at(-1)?.signatures.push(signature);
    } else parts.push({ packet, signatures: [] });
  return parts;
}

interface PrimaryState {
  why: string | null;
  /** Why nothing of the certificate holds. */
  isDead: string | null;
}

/** The newest signature of the key over itself or a name of it tells what it may do and until when. */
function primaryState(primary: PublicKey, first: Part, parts: readonly Part[], now: number): PrimaryState {
  const dead = (why: string): PrimaryState => ({ why, isDead: why });
  if (primary.material === null) return dead('its key is of a kind that is not taken');
  const signed = [primary.hashed];
  if (isRevoked(primary, first, signed, signatureTypes.keyRevocation)) return dead('its key was revoked');
  const direct = first.signatures.filter(
    (one) => one.type === signatureTypes.directKey && isMadeBy(primary, one, signed),
  );
  const named = parts.flatMap((part) => certificationsOf(primary, part));
  const newest = newestOf([...direct, ...named], now);
  if (newest === null) return dead('its key does not vouch for itself by a signature that is taken');
  if (isKeyExpired(primary, newest, now)) return dead('its key has expired');
  const maySign = newest.keyFlags === null || (newest.keyFlags & SIGNS) !== 0;
  return { why: maySign ? null : 'its key is not for signing', isDead: null };
}

/** Of a name, unless it was withdrawn. */
function certificationsOf(primary: PublicKey, part: Part): SignaturePacket[] {
  const { packet, signatures } = part;
  const prefix = { [packetTags.userId]: 0xb4, [packetTags.userAttribute]: 0xd1 }[packet.tag];
  if (prefix === undefined) return [];
  const head = Buffer.from([prefix, 0, 0, 0, 0]);
  head.writeUInt32BE(packet.body.length, 1);
  const signed = [primary.hashed, head, packet.body];
  if (isRevoked(primary, part, signed, signatureTypes.certificationRevocation)) return [];
  return signatures.filter((one) => one.type >= 0x10 && one.type <= 0x13 && isMadeBy(primary, one, signed));
}

function subkeyOf(primary: PublicKey, part: Part, isDead: string | null, now: number): SigningKey[] {
  const key = readPublicKey(part.packet.body);
  if (key === null) return [];
  return [{ key, primary: primary.fingerprint, why: isDead ?? whyNot(primary, key, part, now) }];
}

const isRevoked = (primary: PublicKey, part: Part, signed: readonly Buffer[], by: number): boolean =>
  part.signatures.some((one) => one.type === by && isRevokedBy(primary, one, signed));

function whyNot(primary: PublicKey, key: PublicKey, part: Part, now: number): string | null {
  if (key.material === null) return 'its key is of a kind that is not taken';
  const signed = [primary.hashed, key.hashed];
  if (isRevoked(primary, part, signed, signatureTypes.subkeyRevocation)) return 'its key was revoked';
  const bindings = part.signatures.filter(
    (one) => one.type === signatureTypes.subkeyBinding && isMadeBy(primary, one, signed),
  );
  const binding = newestOf(bindings, now);
  if (binding === null) return 'its key does not belong to the certificate it came with';
  if (isKeyExpired(key, binding, now)) return 'its key has expired';
  if (((binding.keyFlags ?? 0) & SIGNS) === 0) return 'its key is not for signing';
  // RFC 9580 §5.2.1.9: without it anyone could pass another's subkey off as their own.
  const isOwned = binding.embedded.some(
    (one) => one.type === signatureTypes.primaryBinding && isMadeBy(key, one, signed),
  );
  return isOwned ? null : 'its key does not belong to the certificate it came with';
}

function newestOf(signatures: readonly SignaturePacket[], now: number): SignaturePacket | null {
  const standing = signatures.filter((one) => signatureTime(one, now) === 'standing');
  return standing.sort((a, b) => b.created - a.created)[0] ?? null;
}

/** Where a signature stands in time. */
export function signatureTime(
  { created, expiresAfter }: SignaturePacket,
  now: number,
): 'standing' | 'expired' | 'ahead' {
  if (created > now + CLOCK_AHEAD) return 'ahead';
  return expiresAfter > 0 && created + expiresAfter <= now ? 'expired' : 'standing';
}

const isKeyExpired = ({ created }: PublicKey, { keyExpiresAfter }: SignaturePacket, now: number): boolean =>
  keyExpiresAfter > 0 && created + keyExpiresAfter <= now;
