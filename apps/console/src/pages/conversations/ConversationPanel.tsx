import type { ConversationRow } from '../../api/types.ts';
import { bytes, count, counted } from '../../format/number.ts';
import { plain } from '../../format/words.ts';
import { CriticalityMark, ProtectionMark, Unknown } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { EvidenceList } from '../../panel/Evidence.tsx';
import { SidePanel } from '../../panel/SidePanel.tsx';
import { AppLink } from '../../shell/AppLink.tsx';

const bases: Record<string, string> = {
  syn: 'The client sent the SYN that opened the connection.',
  protocol: 'What was said shows which side serves.',
  service: 'The other side was seen to serve this port before.',
  port: 'Only the port numbers tell client from server: take the direction as likely.',
  order: 'Only the order of packets tells client from server: take the direction as a guess.',
};

export function sideName(side: ConversationRow['client']): string {
  return side.name || side.ip || side.mac || 'unknown';
}

/** Multicast and broadcast: the lowest bit of a MAC address's first byte (IEEE 802 §8.2). */
function isGroupAddress({ asset, mac }: ConversationRow['client']): boolean {
  return !asset && mac != null && (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
}

/** Everything known of one client's use of one service. */
export function ConversationPanel({ row, onClose }: { row: ConversationRow; onClose: () => void }) {
  const service = `${row.transport}${row.serverPort === null ? '' : ` port ${row.serverPort}`}`;
  return (
    <SidePanel
      subject={row.id}
      onClose={onClose}
      title={`${sideName(row.client)} to ${sideName(row.server)}`}
    >
      <dl className="pairs">
        <dt>Service</dt>
        <dd>{service}</dd>
        <dt>Application</dt>
        <dd>{row.application ?? <Unknown word="Not recognised" />}</dd>
        <dt>Protection</dt>
        <dd>
          <ProtectionMark value={row.protection} />
        </dd>
        <dt>First seen</dt>
        <dd>
          <When at={row.firstSeen} />
        </dd>
        <dt>Last seen</dt>
        <dd>
          <When at={row.lastSeen} />
        </dd>
        <dt>Direction</dt>
        <dd>{bases[row.basis] ?? row.basis}</dd>
      </dl>
      <SideCard title="Client" side={row.client} packets={row.packetsFromClient} size={row.bytesFromClient} />
      <SideCard title="Server" side={row.server} packets={row.packetsFromServer} size={row.bytesFromServer} />
      <Connections connections={row.connections} />
      <Facts facts={row.facts} />
      <section>
        <h3>Evidence</h3>
        <EvidenceList evidence={[row.evidence]} />
      </section>
    </SidePanel>
  );
}

function SideCard(props: { title: string; side: ConversationRow['client']; packets: number; size: number }) {
  const { side } = props;
  const toMany = isGroupAddress(side);
  return (
    <section className="stack-tight">
      <div className="row">
        <h3>{props.title}</h3>
        {side.asset ? <AppLink href={`/assets/${side.asset}`}>{side.name}</AppLink> : sideName(side)}
        {!toMany && <CriticalityMark value={side.criticality} />}
      </div>
      <div className="dim">
        {toMany ? 'No device: an address that many listen to' : (side.classLabel ?? 'Class unknown')}
      </div>
      <div>
        <span className="dim">In the frames: </span>
        <span className="mono">
          {[side.ip, side.mac, side.vlan === null ? null : `VLAN ${side.vlan}`].filter(Boolean).join(' · ')}
        </span>
      </div>
      <div>
        Sent {counted(props.packets, 'packet')}, {bytes(props.size)}
      </div>
    </section>
  );
}

function Connections({ connections }: { connections: ConversationRow['connections'] }) {
  const seen = Object.entries(connections).filter(([, number]) => number > 0);
  if (seen.length === 0) return null;
  return (
    <section>
      <h3>What became of the connections</h3>
      <p>{seen.map(([what, number]) => `${count(number)} ${what}`).join(', ')}</p>
    </section>
  );
}

function Facts({ facts }: { facts: ConversationRow['facts'] }) {
  const entries = Object.entries(facts);
  if (entries.length === 0) return null;
  return (
    <section>
      <h3>Said on the wire</h3>
      <dl className="pairs">
        {entries.map(([name, value]) => (
          <FactPair key={name} name={name} value={String(value)} />
        ))}
      </dl>
    </section>
  );
}

function FactPair({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{plain(name)}</dt>
      <dd className="mono">{value}</dd>
    </>
  );
}
