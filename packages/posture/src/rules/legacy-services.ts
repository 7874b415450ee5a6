import type { Conversation } from '@wardline/model';
import { distinct, groupBy, lowestService, ofKind } from '../facts.ts';
import type { Draft, Ground } from '../finding.ts';
import { harmOfControl, meaningAsSentence, meaningForCare, type Party } from '../party.ts';
import { listed } from '../words.ts';
import type { Case } from './rule.ts';

/** Services that answer and should no longer exist in clear: Telnet, FTP, VNC, SMB 1. One finding per service. */
export function legacyServices(the: Case): Draft[] {
  return [
    ...served(the, 'telnet', 'telnet-service'),
    ...served(the, 'ftp', 'ftp-service'),
    ...served(the, 'vnc', 'remote-screen-in-clear'),
    ...smb1(the),
  ];
}

function served(the: Case, application: string, rule: string): Draft[] {
  const answered = the.facts.conversations.filter(
    (item) =>
      item.application === application &&
      // AUTH TLS (RFC 4217) turns FTP into something else.
      (item.protection === 'clear' || item.protection === 'unknown') &&
      item.packetsFromServer > 0 &&
      the.context.assetOf(item.server) === the.self.id,
  );
  return groupBy(answered, (item) => `${item.transport}/${item.serverPort}`).map((group) => ({
    rule,
    service: { transport: group[0]!.transport, port: group[0]!.serverPort },
    ground: group,
    harms: harmOfControl(the.self),
    summary: `${the.self.name} answers ${the.context.lexicon.protocolLabel(application)} for ${clientNames(the, group)}. Everything sent can be read and altered on the way, and ${meaningForCare(the.self)}.`,
  }));
}

function clientNames(the: Case, group: readonly Conversation[]): string {
  return listed(distinct(group.map((item) => the.context.party(item.client).name)).toSorted());
}

function smb1(the: Case): Draft[] {
  const old = ofKind(the.facts, 'smb.host').filter(
    (item) => isSmb1(item.facts.dialect) && the.context.assetOf(item.subject) === the.self.id,
  );
  if (old.length === 0) return [];
  const peers: Party[] = old.flatMap((item) => (item.peer ? [the.context.party(item.peer)] : []));
  const names = distinct(peers.map((peer) => peer.name)).toSorted();
  const ground: Ground[] = old;
  return [
    {
      rule: 'obsolete-smb',
      service: lowestService(old),
      ground,
      harms: harmOfControl(the.self),
      summary: `${the.self.name} ${names.length > 0 ? `and ${listed(names)} share` : 'shares'} files over SMB 1, the way by which WannaCry stopped hospitals. ${meaningAsSentence(the.self)}`,
    },
  ];
}

/** "NT LM 0.12" is what the wire calls SMB 1 ([MS-CIFS] §2.2.4.52). */
function isSmb1(dialect: string | undefined): boolean {
  return dialect !== undefined && /^(nt lm 0\.12|smb ?1(\.0)?|1(\.0)?|lanman|.*cifs)/i.test(dialect.trim());
}
