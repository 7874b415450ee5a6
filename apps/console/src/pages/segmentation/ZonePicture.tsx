import type { Examined } from '@wardline/model';
import { useState } from 'react';
import { counted } from '../../format/number.ts';
import { modeWords } from './words.ts';
import { BOX, type ConduitLine, drawnOf, pictureOf, ZONES_DRAWN, type ZonePlace } from './zone-layout.ts';

/** Zones and the conduits between them; a zone that is chosen shows its own only. The tables below say the same. */
export function ZonePicture({ meaning }: { meaning: Examined }) {
  const [chosen, setChosen] = useState<string | null>(null);
  if (meaning.zones.length === 0) return null;
  const drawn = drawnOf(meaning);
  if (drawn.zones.length > ZONES_DRAWN)
    return (
      <p className="dim">
        {counted(meaning.zones.length, 'zone')} are too many for a picture; the table has them all.
      </p>
    );
  const { width, height, zones, lines } = pictureOf(drawn);
  const isOf = ({ from, to }: ConduitLine) => chosen === null || from === chosen || to === chosen;
  return (
    <figure className="policy-picture">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={describe(meaning)}>
        <defs>
          <marker
            id="conduit-end"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto-start-reverse"
          >
            <path d="M 0 0 L 8 4 L 0 8 z" className="policy-arrow" />
          </marker>
        </defs>
        {lines.map((line) => (
          <path
            key={line.key}
            d={line.path}
            className={`policy-line policy-line-${line.mode}`}
            data-dim={!isOf(line)}
            markerEnd="url(#conduit-end)"
          >
            <title>{`${line.from} → ${line.to}: ${line.services.join(', ')} (${modeWords[line.mode]})`}</title>
          </path>
        ))}
        {zones.map((zone) => (
          <ZoneBox
            key={zone.name}
            zone={zone}
            isChosen={zone.name === chosen}
            onChoose={() => setChosen(zone.name === chosen ? null : zone.name)}
          />
        ))}
      </svg>
      <figcaption className="row-wide dim small">
        {(['observe', 'alert', 'enforce'] as const).map((mode) => (
          <span key={mode} className="row">
            <svg width="40" height="8" aria-hidden>
              <path d="M 0 4 H 40" className={`policy-line policy-line-${mode}`} />
            </svg>
            {modeWords[mode]}
          </span>
        ))}
        {drawn.zones.length < meaning.zones.length && (
          <span>Drawn: zones of life-critical devices, and whom they speak with.</span>
        )}
        <span>Left: who asks. Right: who is asked. Press a zone to see its conduits only.</span>
      </figcaption>
    </figure>
  );
}

const LONGEST = 25;

function ZoneBox({ zone, isChosen, onChoose }: { zone: ZonePlace; isChosen: boolean; onChoose: () => void }) {
  const { name, title, assets, lifeCritical, x, y } = zone;
  const [left, top] = [x - BOX.width / 2, y - BOX.height / 2];
  const short = name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
  const who = assets === 0 ? (title ?? 'addresses only') : counted(assets, 'asset');
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: choosing only dims the others; the tables say the same by keyboard
    <g className="policy-zone" data-chosen={isChosen} data-life={lifeCritical > 0} onClick={onChoose}>
      <title>{title === null ? name : `${name}: ${title}`}</title>
      <rect x={left} y={top} width={BOX.width} height={BOX.height} rx="8" />
      <text x={x} y={y - 3} className="policy-zone-name">
        {short}
      </text>
      <text x={x} y={y + 15} className="policy-zone-who">
        {lifeCritical > 0 ? `♥ ${lifeCritical} life-critical of ${assets}` : who}
      </text>
    </g>
  );
}

const describe = ({ zones, conduits }: Examined): string =>
  `${counted(zones.length, 'zone')} and ${counted(conduits.length, 'conduit')} between them; the tables below list them.`;
