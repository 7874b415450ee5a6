import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { SupplicantNetwork } from '@wardline/model';
import { useState } from 'react';
import { supplicantActs, supplicantQueries } from '../../api/supplicants.ts';
import { Unknown } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { AddNetwork } from './AddNetwork.tsx';
import { ProfileDialog } from './ProfileDialog.tsx';

/** The networks that people described, and their profiles. */
export function Networks() {
  const may = useMay();
  const { data, error, refetch } = useQuery(supplicantQueries.networks());
  const [adding, add] = useState(false);
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="The networks" />;
  if (!data) return <Loading label="networks" rows={2} />;
  return (
    <section className="card stack-tight" aria-labelledby="supplicant-networks">
      <div className="spread">
        <h2 id="supplicant-networks">Networks</h2>
        {may('supplicant.add') && (
          <Button variant="default" size="compact-sm" onClick={() => add(true)}>
            Describe a network…
          </Button>
        )}
      </div>
      {data.items.length === 0 ? (
        <p className="dim">
          None is described yet. A network is described once, by its name and the names of its RADIUS servers;
          profiles for devices are made from that.
        </p>
      ) : (
        <ul className="plain-list stack-tight">
          {data.items.map((network) => (
            <NetworkLine key={network.id} network={network} />
          ))}
        </ul>
      )}
      {adding && <AddNetwork onClose={() => add(false)} />}
    </section>
  );
}

function NetworkLine({ network }: { network: SupplicantNetwork }) {
  const may = useMay();
  const [shown, show] = useState<'profile' | 'removal' | null>(null);
  return (
    <li className="spread">
      <div>
        <strong>{network.name}</strong> <span className="dim">{describe(network)}</span>
        {network.servers.map(({ name, until }) => (
          <div key={name} className="small">
            <span className="mono">{name}</span>{' '}
            {until === null ? (
              <Unknown word="No certificate issued" />
            ) : (
              <span className="dim">
                certificate until <When at={until} />
              </span>
            )}
          </div>
        ))}
      </div>
      <div className="row">
        {may('supplicant.file') && (
          <Button variant="default" size="compact-sm" onClick={() => show('profile')}>
            Profile…
          </Button>
        )}
        {may('supplicant.remove') && (
          <Button variant="subtle" size="compact-sm" onClick={() => show('removal')}>
            Remove…
          </Button>
        )}
      </div>
      {shown === 'profile' && <ProfileDialog network={network} onClose={() => show(null)} />}
      {shown === 'removal' && (
        <ReasonDialog
          opened
          onClose={() => show(null)}
          title={`No more profiles of ${network.name}`}
          confirm="Remove"
          done="No more profiles of it are made."
          act={(reason) => supplicantActs.remove(network.id, reason)}
        >
          <p>Devices that have a profile keep it and go on joining. Describe the network again to undo it.</p>
        </ReasonDialog>
      )}
    </li>
  );
}

const describe = ({ medium, ssid, managementFrames }: SupplicantNetwork): string =>
  medium === 'wired'
    ? 'by cable'
    : `Wi-Fi “${ssid}”, ${managementFrames === 'required' ? 'WPA3-Enterprise' : 'WPA2- and WPA3-Enterprise'}`;
