import type { StoryRow } from '../../api/watch.ts';
import { CriticalityMark } from '../../marks/marks.tsx';
import { AppLink } from '../../shell/AppLink.tsx';

type Party = StoryRow['targets'][number];

/** A device by its name, with a way to its page where it is one of ours. */
export function PartyLink({ party }: { party: Party }) {
  const { asset, name, ip, mac, outside } = party;
  const address = ip ?? mac;
  return (
    <span>
      {asset === null ? name : <AppLink href={`/assets/${asset}`}>{name}</AppLink>}
      {address !== null && !name.includes(address) && <span className="dim mono small"> {address}</span>}
      {outside && <span className="dim small"> outside the house</span>}
    </span>
  );
}

/** The same with what it is and how much care depends on it. */
export function PartyLine({ party }: { party: Party }) {
  return (
    <span className="row">
      <PartyLink party={party} />
      {party.classLabel !== null && <span className="dim">{party.classLabel}</span>}
      {!party.outside && <CriticalityMark value={party.criticality} />}
    </span>
  );
}
