import type { Facts } from '@wardline/model';
import { factText, present, wireText } from '../../text/wire-text.ts';
import type { DnsMessage, ResourceRecord } from '../dns/message.ts';
import { types } from '../dns/message.ts';
import { readName } from '../dns/name.ts';
import { MAX_NAME, MAX_SERVICES } from './limits.ts';
import { productStrings } from './txt.ts';

export interface AnnouncedService {
  facts: Facts['mdns.service'];
  /** The host that offers it, lower case; null where the message has no SRV record of it. */
  target: string | null;
}

interface Draft {
  service: string;
  instance?: string | undefined;
  port?: number;
  txt?: string[];
  target: string | null;
}

/** Puts the PTR, SRV and TXT records of each service instance together (RFC 6763 §4). */
export function servicesOf(message: DnsMessage): AnnouncedService[] {
  const drafts = new Map<string, Draft>();
  for (const record of message.records) {
    if (record.section === 'authority') continue;
    const labels = instanceLabels(message.bytes, record);
    const draft = labels === null ? null : draftFor(drafts, labels);
    if (draft !== null) complete(draft, message.bytes, record);
  }
  return [...drafts.values()].map(({ target, ...draft }) => ({
    facts: present(draft) as Facts['mdns.service'],
    target,
  }));
}

function instanceLabels(bytes: Uint8Array, record: ResourceRecord): string[] | null {
  if (record.type === types.srv || record.type === types.txt) return record.name;
  if (record.type !== types.ptr || record.name[0]?.startsWith('_services') === true) return null;
  return readName(bytes, record.start)?.labels ?? null;
}

/** `Instance._service._proto.domain`: the instance may have dots, the service's labels begin with underscores. */
function draftFor(drafts: Map<string, Draft>, labels: readonly string[]): Draft | null {
  const at = labels.findLastIndex((label) => /^_(tcp|udp)$/i.test(label));
  const service = labels[at - 1];
  if (at < 1 || service === undefined || !/^_[a-z0-9-]{1,62}$/i.test(service)) return null;
  const key = labels.join('.').toLowerCase();
  const known = drafts.get(key);
  if (known !== undefined || drafts.size >= MAX_SERVICES) return known ?? null;
  const draft: Draft = {
    service: `${service}.${labels[at]}`.toLowerCase(),
    instance: instanceName(labels.slice(0, at - 1)),
    target: null,
  };
  drafts.set(key, draft);
  return draft;
}

/** A name like "Anna's tablet" or "anna@tablet" tells a person's name, and nothing of the product. */
function instanceName(labels: readonly string[]): string | undefined {
  const text = factText(wireText(Uint8Array.from(labels.join('.'), (c) => c.charCodeAt(0))), MAX_NAME);
  return text === undefined || /['’´`]s?(\s|$)|@/i.test(text) ? undefined : text;
}

function complete(draft: Draft, bytes: Uint8Array, record: ResourceRecord): void {
  if (record.type === types.txt) {
    const strings = productStrings(bytes.subarray(record.start, record.end));
    if (strings.length > 0) draft.txt = strings;
  }
  if (record.type === types.srv && record.end - record.start > 6) {
    draft.port = (bytes[record.start + 4]! << 8) | bytes[record.start + 5]!;
    const target = readName(bytes, record.start + 6);
    draft.target = target === null ? null : target.labels.join('.').toLowerCase();
  }
}
