import type { Conversation } from '@wardline/model';
import { applicationOf, protectionOf } from './applications.ts';
import type { Counted, LogBook, Setting } from './book.ts';
import { FieldFault, type Row } from './row.ts';

/** Zeek counts from the IP header on; a frame has the Ethernet header before it, with a tag where there is a VLAN. */
const ETHERNET = 14;
const TAG = 4;
/** What became of a TCP connection (Zeek's conn_state). */
const STATES: Readonly<Record<string, Partial<Conversation['connections']>>> = {
  S0: { unanswered: 1 },
  S1: { established: 1 },
  S2: { established: 1 },
  S3: { established: 1 },
  SF: { established: 1, closed: 1 },
  REJ: { refused: 1 },
  RSTO: { established: 1, reset: 1 },
  RSTR: { established: 1, reset: 1 },
  RSTOS0: { unanswered: 1, reset: 1 },
  RSTRH: { reset: 1 },
  SH: { unanswered: 1 },
};
const TRANSPORTS: readonly string[] = ['tcp', 'udp', 'icmp', 'icmpv6', 'sctp'];

/** One record of conn.log is one connection, counted in the slice in which it began. */
export function zeekConnection(row: Row, time: number, line: number, book: LogBook): void {
  const setting = settingOf(row, time, line);
  const application = applicationOf(row.text('service'));
  const frame = ETHERNET + (setting.client.vlan === null ? 0 : TAG);
  const packetsFromClient = row.count('orig_pkts');
  const packetsFromServer = row.count('resp_pkts');
  book.conversation(setting, {
    packetsFromClient,
    packetsFromServer,
    bytesFromClient: row.count('orig_ip_bytes') + frame * packetsFromClient,
    bytesFromServer: row.count('resp_ip_bytes') + frame * packetsFromServer,
    connections: outcome(row, setting, packetsFromServer > 0 && packetsFromClient > 0),
    basis: basisOf(row, setting, application),
    lastSeen: time + Math.round(Math.max(0, row.number('duration') ?? 0) * 1e6),
    application,
    protection: protectionOf(application),
  });
}

function settingOf(row: Row, time: number, line: number): Setting {
  const tag = row.number('vlan');
  const vlan = tag !== undefined && tag >= 0 && tag <= 4094 ? tag : null;
  const [client, server] = (['orig', 'resp'] as const).map((side) => {
    const ip = row.ip(`id.${side}_h`);
    if (ip === undefined) throw new FieldFault(`id.${side}_h`, 'an IP address');
    return { mac: row.mac(`${side}_l2_addr`), ip, vlan };
  });
  const proto = row.text('proto') ?? '';
  const transport = proto === 'icmp' && client!.ip.includes(':') ? 'icmpv6' : proto;
  if (!TRANSPORTS.includes(transport)) throw new FieldFault('proto', 'a transport');
  const port = transport.startsWith('icmp') ? null : (row.port('id.resp_p') ?? null);
  return { client: client!, server: server!, transport, port, time, line };
}

function outcome(row: Row, { transport }: Setting, both: boolean): Conversation['connections'] {
  const none = { opened: 0, established: 0, refused: 0, unanswered: 0, closed: 0, reset: 0 };
  if (transport.startsWith('icmp')) return none;
  const opened = { ...none, opened: 1 };
  if (transport !== 'tcp') return { ...opened, established: both ? 1 : 0 };
  return { ...opened, ...(STATES[row.text('conn_state') ?? ''] ?? { established: both ? 1 : 0 }) };
}

/** `S` and `h` in the history: the handshake was seen. */
function basisOf(row: Row, { transport }: Setting, application: string | null): Counted['basis'] {
  if (transport === 'tcp' && /[Sh]/.test(row.text('history') ?? '')) return 'syn';
  return application === null ? 'port' : 'protocol';
}
