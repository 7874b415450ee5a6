import type { Sighting } from '@wardline/model';
import { distinct, groupBy, lowestService, ofKind, serviceKey } from '../facts.ts';
import type { Draft } from '../finding.ts';
import { harmOfControl, meaningAsSentence, meaningForCare } from '../party.ts';
import { listed } from '../words.ts';
import { type Case, partners } from './rule.ts';

/** RFC 6649 withdrew DES, RFC 8429 the other two. */
const BROKEN: ReadonlyMap<string, string> = new Map([
  ['des-cbc-crc', 'DES'],
  ['des-cbc-md4', 'DES'],
  ['des-cbc-md5', 'DES'],
  ['des3-cbc-sha1', '3DES'],
  ['rc4-hmac', 'RC4'],
  ['rc4-hmac-exp', 'RC4'],
]);

/** Remote screens and the tickets that open services: how weakly they are protected. */
export function remoteAccess(the: Case): Draft[] {
  return [...desktops(the), ...tickets(the)];
}

/** RDP's own security proves no server and encrypts with RC4 at best ([MS-RDPBCGR] §5.3). */
function desktops(the: Case): Draft[] {
  const own = ofKind(the.facts, 'rdp.server').filter(
    (item) => item.facts.security === 'rdp' && the.context.assetOf(item.subject) === the.self.id,
  );
  return groupBy(own, (item) => serviceKey(item.service)).map((group) => ({
    rule: 'weak-remote-desktop',
    service: group[0]!.service,
    ground: group,
    harms: harmOfControl(the.self),
    summary: `${the.self.name} lets ${peersOf(the, group)} see its screen by Remote Desktop without TLS: nobody can tell a false server from the true one, and ${meaningForCare(the.self)}.`,
  }));
}

function tickets(the: Case): Draft[] {
  const weak = ofKind(the.facts, 'kerberos.ticket').filter(
    (item) => BROKEN.has(item.facts.encryption) && the.context.assetOf(item.subject) === the.self.id,
  );
  if (weak.length === 0) return [];
  const services = distinct(weak.map((item) => item.facts.service)).toSorted();
  const kinds = distinct(weak.map((item) => BROKEN.get(item.facts.encryption) ?? '')).toSorted();
  const summary = `${the.self.name} got Kerberos tickets for ${listed(services)} that only ${listed(kinds)} protects: whoever has such a ticket can guess the service's password at leisure. ${meaningAsSentence(the.self)}`;
  return [{ rule: 'weak-kerberos', service: lowestService(weak), ground: weak, summary }];
}

function peersOf(the: Case, group: readonly Sighting[]): string {
  const names = distinct(group.flatMap((item) => partners(the, item)).map((party) => party.name)).toSorted();
  return names.length > 0 ? listed(names) : 'others';
}
