import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { type HeardNetwork, wirelessActs } from '../../api/wireless.ts';
import { count, counted } from '../../format/number.ts';
import { Unknown } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { frameWords, type Protection, protectionOf, protectionWords } from './words.ts';

/** Networks that were heard, one line for each radio, those that need somebody first. */
export function Networks() {
  const { data, error, refetch } = useQuery(queries.heardNetworks());
  return (
    <section className="card stack" aria-labelledby="air-networks">
      <h2 id="air-networks">Networks that were heard</h2>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The networks" />}
      {!data && !error && <Loading label="networks" rows={5} />}
      {data?.items.length === 0 && (
        <p>
          No network yet: hand in a capture made in monitor mode, or let a sensor listen with wardline sense
          --interface on a radio in monitor mode.
        </p>
      )}
      {data !== undefined && data.items.length > 0 && <Found items={data.items} more={data.more} />}
    </section>
  );
}

const order: readonly Protection[] = ['open', 'broken', 'unknown', 'shared', 'opportunistic', 'own'];
const needs = (network: HeardNetwork) =>
  (network.approved === false ? 0 : 10) + order.indexOf(protectionOf(network));

function Found({ items, more }: { items: readonly HeardNetwork[]; more: boolean }) {
  const sorted = items.toSorted((a, b) => needs(a) - needs(b) || (a.lastSeen < b.lastSeen ? 1 : -1));
  return (
    <>
      <p>{sentence(items)}</p>
      <table className="people-table">
        <caption className="unseen">Networks that were heard</caption>
        <thead>
          <tr>
            <th scope="col">Network</th>
            <th scope="col">Access point</th>
            <th scope="col">Protection</th>
            <th scope="col">Messages that end connections</th>
            <th scope="col">Devices</th>
            <th scope="col">Ours</th>
            <th scope="col">Last heard</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((network) => (
            <Line key={`${network.site} ${network.bssid} ${network.ssid ?? ''}`} network={network} />
          ))}
        </tbody>
      </table>
      {more && <p className="dim">More were heard; the latest are shown.</p>}
    </>
  );
}

function sentence(items: readonly HeardNetwork[]): string {
  const counts = order.flatMap((one) => {
    const found = items.filter((network) => protectionOf(network) === one).length;
    return found === 0 ? [] : [`${count(found)} ${protectionWords[one]}`];
  });
  const strange = items.filter(({ approved }) => approved === false).length;
  const loose = items.filter(({ managementFrames }) => managementFrames === 'unprotected').length;
  return `${counted(items.length, 'radio')}: ${counts.join('; ')}. ${count(loose)} let anybody throw devices off. ${
    items.some(({ approved }) => approved !== null)
      ? `${count(strange)} are not on the list of ours.`
      : 'Whose they are is unknown: nobody keeps a list of ours yet.'
  }`;
}

function Line({ network }: { network: HeardNetwork }) {
  const { ssid, bssid, asset, assetName, channel, clients } = network;
  return (
    <tr>
      <td>{ssid === null ? <span className="dim">name withheld</span> : <strong>{ssid}</strong>}</td>
      <td>
        <AppLink href={`/assets/${asset}`}>{assetName}</AppLink>
        <div className="small dim mono">
          {bssid}
          {channel !== null && `, channel ${channel}`}
        </div>
      </td>
      <td>
        {protectionWords[protectionOf(network)]}
        <div className="small dim">{network.security.toUpperCase().replaceAll('/', ' and ')}</div>
      </td>
      <td>{frameWords[network.managementFrames] ?? network.managementFrames}</td>
      <td>{count(clients)}</td>
      <td>
        <Ours network={network} />
      </td>
      <td>
        <When at={network.lastSeen} />
      </td>
    </tr>
  );
}

function Ours({ network: { approved, site, ssid, bssid } }: { network: HeardNetwork }) {
  const may = useMay();
  const [asking, setAsking] = useState(false);
  if (approved === true) return 'on the list';
  const standing = approved === null ? <Unknown word="No list" /> : <strong>not on the list</strong>;
  if (ssid === null || !may('wireless.approve')) return standing;
  return (
    <div className="stack-tight">
      {standing}
      <Button
        variant="default"
        size="compact-sm"
        onClick={() => setAsking(true)}
        aria-label={`It is ours… ${ssid} ${bssid}`}
      >
        It is ours…
      </Button>
      <ReasonDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={`${ssid} from ${bssid} is ours`}
        confirm="It is ours"
        done="It is on the list."
        act={(reason) => wirelessActs.approve(site, ssid, bssid, reason)}
      >
        <p>
          You know this access point, and where it hangs. Once a list is kept, whoever offers one of its
          networks and is not on it is told of as a false access point.
        </p>
      </ReasonDialog>
    </div>
  );
}
