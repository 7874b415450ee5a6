import type { Criticality, Peer } from '../../api/types.ts';
import { weakestProtection } from '../../format/words.ts';

/** More than this cannot be read in so small a picture; the largest are shown. */
const SHOWN = 12;
const WIDTH = 800;
const ROW = 36;
const SELF_X = WIDTH / 2;

/** Those it serves on the left, those that serve it on the right; the table beneath says the same. */
export function PeerPicture({
  name,
  criticality,
  peers,
}: {
  name: string;
  criticality: Criticality;
  peers: Peer[];
}) {
  const largest = [...peers].sort((a, b) => b.bytes - a.bytes).slice(0, SHOWN);
  const left = largest.filter((peer) => peer.direction === 'server');
  const right = largest.filter((peer) => peer.direction === 'client');
  const height = Math.max(left.length, right.length, 2) * ROW + 24;
  const middle = height / 2;
  return (
    <svg className="peer-picture" viewBox={`0 0 ${WIDTH} ${height}`} aria-hidden="true">
      {left.length > 0 && (
        <text x={SELF_X - 60} y={12} textAnchor="end" opacity={0.7}>
          its clients
        </text>
      )}
      {right.length > 0 && (
        <text x={SELF_X + 60} y={12} opacity={0.7}>
          its servers
        </text>
      )}
      {left.map((peer, index) => (
        <PeerLine
          key={`l${peer.asset}`}
          peer={peer}
          x={232}
          y={rowY(index, left.length, middle)}
          middle={middle}
          anchor="end"
        />
      ))}
      {right.map((peer, index) => (
        <PeerLine
          key={`r${peer.asset}`}
          peer={peer}
          x={WIDTH - 232}
          y={rowY(index, right.length, middle)}
          middle={middle}
          anchor="start"
        />
      ))}
      <circle
        cx={SELF_X}
        cy={middle}
        r={14}
        className={criticality === 'life-critical' ? 'peer-life' : 'peer-self'}
      />
      <text x={SELF_X} y={middle + 32} textAnchor="middle" fontWeight={600}>
        {short(name)}
      </text>
    </svg>
  );
}

function rowY(index: number, length: number, middle: number): number {
  return middle + (index - (length - 1) / 2) * ROW;
}

function short(text: string): string {
  return text.length > 30 ? `${text.slice(0, 29)}…` : text;
}

function PeerLine(props: { peer: Peer; x: number; y: number; middle: number; anchor: 'start' | 'end' }) {
  const { peer, x, y, middle, anchor } = props;
  const life = peer.criticality === 'life-critical';
  const bend = (x + SELF_X) / 2;
  return (
    <g>
      <path
        d={`M${x} ${y} C${bend} ${y} ${bend} ${middle} ${SELF_X} ${middle}`}
        fill="none"
        strokeWidth={1.75}
        className={`line-${weakestProtection(peer.protections)}`}
      />
      <circle cx={x} cy={y} r={life ? 9 : 7} className={`peer-node${life ? ' peer-life' : ''}`} />
      <text x={anchor === 'end' ? x - 16 : x + 16} y={y + 4} textAnchor={anchor}>
        {life ? '♥ ' : ''}
        {short(peer.name)}
      </text>
    </g>
  );
}
