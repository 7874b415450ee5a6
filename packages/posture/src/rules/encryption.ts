import type { Conversation, Protection } from '@wardline/model';
import { distinct, groupBy, ofKind } from '../facts.ts';
import type { Draft } from '../finding.ts';
import { meaningForCare } from '../party.ts';
import { listed } from '../words.ts';
import type { Case } from './rule.ts';

/** RFC 6176, RFC 7568 and RFC 8996 withdrew these; RFC 4253 §5 replaced SSH 1. */
const obsolete: Partial<Record<Protection, string>> = {
  ssl2: 'SSL 2',
  ssl3: 'SSL 3',
  'tls1.0': 'TLS 1.0',
  'tls1.1': 'TLS 1.1',
  ssh1: 'SSH 1',
};
/** Broken outright, not only outdated. */
const broken: ReadonlySet<string> = new Set(['ssl2', 'ssl3', 'ssh1']);

/** Services that settled on an outdated protection (one finding per service), and clients that offer nothing newer. */
export function encryption(the: Case): Draft[] {
  return [...servers(the), ...clients(the)];
}

function servers(the: Case): Draft[] {
  const weak = the.facts.conversations.filter(
    (item) => obsolete[item.protection] && the.context.assetOf(item.server) === the.self.id,
  );
  return groupBy(weak, (item) => `${item.transport}/${item.serverPort}`).map((group) =>
    serverDraft(the, group),
  );
}

function serverDraft(the: Case, group: readonly Conversation[]): Draft {
  const first = group[0]!;
  const versions = distinct(group.map((item) => obsolete[item.protection] ?? '')).toSorted();
  const peers = distinct(group.map((item) => the.context.party(item.client).name)).toSorted();
  return {
    rule: 'obsolete-tls',
    service: { transport: first.transport, port: first.serverPort },
    ...(group.some((item) => broken.has(item.protection)) ? { severity: 'high' as const } : {}),
    ground: group,
    summary: `${the.self.name} still speaks ${listed(versions)} with ${listed(peers)}. That protection can be broken, and ${meaningForCare(the.self)}.`,
  };
}

function clients(the: Case): Draft[] {
  const old = ofKind(the.facts, 'tls.client').filter(
    (item) => obsoleteVersion(item.facts.version) && the.context.assetOf(item.subject) === the.self.id,
  );
  if (old.length === 0) return [];
  const versions = distinct(old.map((item) => obsoleteVersion(item.facts.version) ?? '')).toSorted();
  return [
    {
      rule: 'obsolete-tls',
      key: 'client',
      ground: old,
      summary: `${the.self.name} offers nothing newer than ${listed(versions)} when it connects, so that its servers must keep outdated encryption for it.`,
    },
  ];
}

/** A version as dissectors write it ("TLS 1.0", "tls1.0", "1.0", "0x0301"), in words, where it is outdated. */
function obsoleteVersion(version: string): string | null {
  const plain = version.toLowerCase().replaceAll(/[\s_v-]/g, '');
  if (/^(ssl)?(2|2\.0)$|^0x0002$/.test(plain)) return 'SSL 2';
  if (/^(ssl)?(3|3\.0)$|^0x0300$/.test(plain)) return 'SSL 3';
  if (/^(tls)?1(\.0)?$|^0x0301$/.test(plain)) return 'TLS 1.0';
  return /^(tls)?1\.1$|^0x0302$/.test(plain) ? 'TLS 1.1' : null;
}
