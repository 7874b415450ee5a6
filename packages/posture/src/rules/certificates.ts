import { type Micros, parseMicros, type Sighting } from '@wardline/model';
import { groupBy, ofKind, serviceKey } from '../facts.ts';
import type { Draft } from '../finding.ts';
import { meaningForCare } from '../party.ts';
import type { Case } from './rule.ts';

type Certificate = Sighting<'tls.certificate'>;

/** NIST SP 800-57 part 1: 112 bits of strength are the least that is left. */
const RSA_BITS = 2048;
const EC_BITS = 224;
const NOTICE: Micros = 30 * 86_400 * 1_000_000;

/** Weak, expired and self-signed certificates, judged as of when they were last seen; one finding per flaw and service. */
export function certificates(the: Case): Draft[] {
  const own = ofKind(the.facts, 'tls.certificate').filter(
    (item) => the.context.assetOf(item.subject) === the.self.id,
  );
  const shown = groupBy(own, (item) => `${item.facts.sha256}|${serviceKey(item.service)}`);
  return shown.flatMap((group) => [...weak(the, group), ...validity(the, group), ...selfSigned(the, group)]);
}

function base(group: readonly Certificate[]): Pick<Draft, 'service' | 'ground' | 'key'> {
  const first = group[0]!;
  return { service: first.service, ground: group, key: first.facts.sha256 };
}

function weak(the: Case, group: readonly Certificate[]): Draft[] {
  const facts = group[0]!.facts;
  const reasons = [weakKey(facts), weakSignature(facts)].filter((reason) => reason !== null);
  if (reasons.length === 0) return [];
  const summary = `${the.self.name} shows a certificate with ${reasons.join(' and ')}. Somebody could forge it and stand between it and its partners, and ${meaningForCare(the.self)}.`;
  return [{ rule: 'weak-certificate', ...base(group), summary }];
}

function weakKey(facts: Certificate['facts']): string | null {
  if (facts.keyBits === undefined) return null;
  const least = /ec|ed|x25519|x448/i.test(facts.keyType) ? EC_BITS : RSA_BITS;
  return facts.keyBits < least ? `a ${facts.keyType.toUpperCase()} key of ${facts.keyBits} bits` : null;
}

/** A self-signed certificate's signature proves nothing anyway; its strength is no matter. */
function weakSignature(facts: Certificate['facts']): string | null {
  const algorithm = facts.signatureAlgorithm ?? '';
  if (facts.selfSigned || !/md2|md4|md5|sha-?1(?!\d)/i.test(algorithm)) return null;
  return `a signature by ${/md\d/i.test(algorithm) ? 'MD5 or older' : 'SHA-1'}`;
}

function validity(the: Case, group: readonly Certificate[]): Draft[] {
  const facts = group[0]!.facts;
  const lastSeen = group.reduce((latest, item) => Math.max(latest, item.lastSeen), 0);
  const notAfter = parseMicros(facts.notAfter);
  const notBefore = parseMicros(facts.notBefore);
  const day = (text: string) => text.slice(0, 10);
  if (notAfter !== null && notAfter < lastSeen) {
    const summary = `${the.self.name} was last seen with a certificate that had expired on ${day(facts.notAfter)}. Partners that check it refuse to connect, and those that don't can be deceived.`;
    return [{ rule: 'expired-certificate', ...base(group), summary }];
  }
  if (notBefore !== null && notBefore > lastSeen) {
    const summary = `${the.self.name} shows a certificate that is only valid from ${day(facts.notBefore)}. Its clock or its certificate is wrong, and partners that check refuse to connect.`;
    return [{ rule: 'expired-certificate', ...base(group), summary }];
  }
  if (notAfter === null || notAfter - lastSeen > NOTICE) return [];
  const summary = `The certificate of ${the.self.name} expires on ${day(facts.notAfter)}, within 30 days of when it was last seen. From then on partners that check it refuse to connect.`;
  return [{ rule: 'expiring-certificate', ...base(group), summary }];
}

function selfSigned(the: Case, group: readonly Certificate[]): Draft[] {
  if (!group[0]!.facts.selfSigned) return [];
  const summary = `${the.self.name} vouches for itself with a self-signed certificate, so its partners cannot tell it from somebody who pretends to be it.`;
  return [{ rule: 'self-signed-certificate', ...base(group), summary }];
}
