import type { Facts } from '@wardline/model';
import { BerReader, integerOf } from '../../bytes/ber.ts';
import type { Reporter, Side } from '../../dissector.ts';
import { factText, latin1, present } from '../../text/wire-text.ts';
import { encryptionName } from './encryption.ts';
import { MAX_NAME } from './limits.ts';
import {
  type Fields,
  fieldsOf,
  isRequest,
  listIn,
  machineOf,
  messages,
  numberIn,
  principalIn,
  realmIn,
  serviceOf,
  structuresIn,
} from './message.ts';

/** What a request proves, and what an answer grants, for whoever can hold the two together. */
export interface Exchange {
  tag: number;
  /** The request comes with a proof of who asks. */
  proved: boolean;
}

/** Proofs among the pre-authentication data (RFC 4120 §7.5.2, RFC 4556, RFC 6113): not mere wishes and padding. */
const PROOFS = new Set([1, 2, 14, 16, 136, 138]);
const NETBIOS = 20;

/** States what a message says of both sides; null where it can't be read. */
export function stateMessage(bytes: Uint8Array, from: Side, report: Reporter): Exchange | null {
  const element = new BerReader(bytes).next();
  const fields = fieldsOf(element?.content);
  if (element === null || fields.size === 0) return null;
  if (isRequest(element.tag)) return request(element.tag, fields, from, report);
  const server: Side = from;
  const realm = realmIn(fields, element.tag === messages.error ? 9 : 3);
  report.sight('kerberos.server', server, present<Facts['kerberos.server']>({ realm }));
  if (element.tag === messages.error) refusal(fields, server, report);
  else ticket(fields, from === 'server' ? 'client' : 'server', report);
  return { tag: element.tag, proved: false };
}

/** KRB-ERROR (RFC 4120 §7.5.9) about who asks: unknown, locked, or a wrong proof. Asking without one first is usual. */
const REFUSALS = new Set([6, 18, 24]);

function refusal(fields: Fields, server: Side, report: Reporter): void {
  const facts = { protocol: 'kerberos', outcome: 'refused' } as const;
  if (!REFUSALS.has(numberIn(fields, 6) ?? 0)) return;
  report.sight('login.outcome', server, facts, { peer: server === 'server' ? 'client' : 'server' });
}

function request(tag: number, fields: Fields, from: Side, report: Reporter): Exchange {
  const body = fieldsOf(fields.get(4));
  const account = principalIn(body, 1);
  const machine = machineOf(account) ?? netbiosName(body);
  const facts = present<Facts['kerberos.client']>({
    realm: realmIn(body, 2),
    hostname: machine,
    encryption: listIn(body, 8)
      .map((content) => encryptionName(integerOf(content) ?? 0))
      .filter((name) => name !== null),
  });
  const personal = account !== null && machineOf(account) === undefined;
  report.sight('kerberos.client', from, facts, personal ? { marks: [latin1(account.parts[0]!)] } : {});
  const kinds = structuresIn(fields, 3).map((item) => numberIn(item, 1));
  return { tag, proved: kinds.some((kind) => kind !== null && PROOFS.has(kind)) };
}

/** Windows names its machine among the addresses for which a ticket shall hold (RFC 4120 §7.5.3). */
function netbiosName(body: Fields): string | undefined {
  const address = structuresIn(body, 9).find((item) => numberIn(item, 0) === NETBIOS);
  const name = new BerReader(address?.get(1) ?? new Uint8Array(0)).take(4);
  return name === null ? undefined : factText(latin1(name, 0, 15), MAX_NAME);
}

/** The ticket's own encryption is the service's, the reply's is the client's (RFC 4120 §5.3, §5.4.2). */
function ticket(fields: Fields, client: Side, report: Reporter): void {
  const inside = fieldsOf(new BerReader(fields.get(5) ?? new Uint8Array(0)).take(0x61) ?? undefined);
  const type = numberIn(fieldsOf(inside.get(3)), 0);
  const service = serviceOf(principalIn(inside, 2));
  const encryption = type === null ? null : encryptionName(type);
  if (service === undefined || encryption === null) return;
  const machine = machineOf(principalIn(fields, 4));
  const realm = realmIn(inside, 1);
  const facts = present<Facts['kerberos.ticket']>({ service, encryption, realm, hostname: machine });
  report.sight('kerberos.ticket', client, facts);
}
