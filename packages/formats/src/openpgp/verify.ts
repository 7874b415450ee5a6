import { readCertificate, type SigningKey, signatureTime } from './certificate.ts';
import { type Packet, packetTags, readPackets, withoutArmour } from './packets.ts';
import { isHashTaken, isMadeBy } from './public-key.ts';
import { mayBeBy, readSignature, type SignaturePacket, signatureTypes } from './signature-packet.ts';

export type SignatureAnswer = { ok: true; fingerprint: string } | { ok: false; why: string };

/** Certificates of a keyring, at the most. */
const CERTIFICATES_MOST = 100;
/** Signatures in one file, at the most. */
const SIGNATURES_MOST = 20;

/**
 * The keys of armoured OpenPGP certificates; null where there is none, or what is there does not add up.
 * @param now seconds since 1970
 */
export function readKeyring(text: string, now: number): SigningKey[] | null {
  const packets = readPackets(withoutArmour(text));
  const certificates = packets === null ? [] : certificatesOf(packets);
  if (certificates.length === 0 || certificates.length > CERTIFICATES_MOST) return null;
  const keys = certificates.flatMap((certificate) => readCertificate(certificate, now));
  return keys.length === 0 ? null : keys;
}

function certificatesOf(packets: readonly Packet[]): Packet[][] {
  const found: Packet[][] = [];
  for (const packet of packets)
    if (packet.tag === packetTags.publicKey) found.push([packet]);
    else found.at(-1)?.push(packet);
  return found;
}

/**
 * Holds a document against a detached signature (RFC 9580 §10.4), armoured or not. One signature by one of the keys, which may sign,
 * is enough; no other key counts, whatever the signature says of its maker.
 * @param now seconds since 1970
 */
export function verifyDetached(
  document: Buffer,
  signature: Buffer,
  keys: readonly SigningKey[],
  now: number,
): SignatureAnswer {
  const armoured = withoutArmour(signature.toString('latin1'));
  const packets = readPackets(armoured.length > 0 ? armoured : signature) ?? [];
  const signatures = packets.slice(0, SIGNATURES_MOST).flatMap((packet) => readSignature(packet) ?? []);
  const answers = signatures.map((one) => answerTo(document, one, keys, now));
  return (
    answers.find(({ ok }) => ok) ??
    answers[0] ?? { ok: false, why: 'it is no signature of a kind that is taken' }
  );
}

const no = (why: string): SignatureAnswer => ({ ok: false, why });

function answerTo(
  document: Buffer,
  signature: SignaturePacket,
  keys: readonly SigningKey[],
  now: number,
): SignatureAnswer {
  if (signature.type !== signatureTypes.document) return no('it is not of a document as it lies there');
  const time = signatureTime(signature, now);
  if (time !== 'standing') return no(time === 'expired' ? 'it has expired' : 'it was made in the future');
  if (!signature.isUnderstood) return no('it depends on something that is not understood here');
  if (!isHashTaken(signature)) return no('its hash is a broken one, such as SHA-1');
  const candidates = keys.filter(({ key }) => mayBeBy(signature, key.fingerprint));
  if (candidates.length === 0) return no('none of the keys that are trusted made it');
  if (candidates.every(({ key }) => key.material === null)) return no(candidates[0]?.why ?? '');
  const maker = candidates.find(({ key }) => isMadeBy(key, signature, [document]));
  if (maker === undefined) return no('it does not fit the document');
  if (maker.why !== null) return no(maker.why);
  if (signature.created < maker.key.created) return no('it is older than its key');
  return { ok: true, fingerprint: maker.primary };
}
