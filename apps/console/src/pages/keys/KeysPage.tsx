import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { KeyList } from '@wardline/model';
import { useState } from 'react';
import { keys } from '../../api/keys.ts';
import { queries } from '../../api/queries.ts';
import { counted } from '../../format/number.ts';
import { When } from '../../marks/When.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure, Loading } from '../../shell/states.tsx';

type ZoneKey = KeyList['zones'][number]['keys'][number];

/** Which keys there are, what each is needed for, and changing them. */
export function KeysPage() {
  const list = useQuery(queries.keys());
  const [zone, setZone] = useState<string | null>(null);
  if (list.error) return <Failure error={list.error} retry={() => void list.refetch()} what="The keys" />;
  if (!list.data) return <Loading label="keys" rows={4} />;
  return (
    <div className="stack">
      <h1>Keys</h1>
      <MasterCard list={list.data} />
      <section className="card stack" aria-labelledby="zone-keys">
        <h2 id="zone-keys">Keys of zones</h2>
        <p className="dim">Each seals the secrets of its zone; one that is lost or found opens no other.</p>
        <ZoneTable zones={list.data.zones} onChange={setZone} />
      </section>
      {zone !== null && (
        <ReasonDialog
          opened
          onClose={() => setZone(null)}
          title={`Give ${zone} a new key`}
          confirm="Give a new key"
          done={`${zone} has a new key.`}
          act={(reason) => keys.rotate(zone, reason)}
        >
          <p>Nothing pauses: what is there stays readable, and is sealed anew in the background.</p>
        </ReasonDialog>
      )}
    </div>
  );
}

function MasterCard({ list: { master, waiting, closed } }: { list: KeyList }) {
  const may = useMay();
  const [changing, setChanging] = useState(false);
  return (
    <section className="card stack" aria-labelledby="master-key">
      <h2 id="master-key">Master key</h2>
      <p>
        The keys of zones are wrapped under {master.place}, since <When at={master.made} />.
      </p>
      {master.kind === 'own' && (
        <p className="dim small">
          It lies beside the database. WARDLINE_MASTER_KEY_FILE names a passphrase or a security module’s key
          instead.
        </p>
      )}
      {waiting > 0 && <p>{counted(waiting, 'value', 'values')} wait to be sealed by the key in use.</p>}
      {closed > 0 && (
        <p>
          <span className="mark mark-unknown">closed</span> {counted(closed, 'value', 'values')} cannot be
          opened: the key by which they were sealed is lost.
        </p>
      )}
      {may('key.rotate-master') && (
        <div>
          <Button variant="default" onClick={() => setChanging(true)}>
            Change the master key…
          </Button>
        </div>
      )}
      <ReasonDialog
        opened={changing}
        onClose={() => setChanging(false)}
        title="Change the master key"
        confirm="Change it"
        done="There is a new master key."
        act={keys.rotateMaster}
      >
        <p>
          Every zone’s key is wrapped under the master key as it is set now. Keep the old passphrase until
          this page shows the new one.
        </p>
      </ReasonDialog>
    </section>
  );
}

function ZoneTable({ zones, onChange }: { zones: KeyList['zones']; onChange: (zone: string) => void }) {
  const may = useMay();
  const rows = zones.flatMap(({ zone, keys: of }) => of.map((key) => ({ zone, key })));
  return (
    <table className="people-table">
      <thead>
        <tr>
          <th scope="col">Zone</th>
          <th scope="col">State</th>
          <th scope="col">Seals</th>
          <th scope="col">Made</th>
          <th scope="col">
            <span className="unseen">Acts</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ zone, key }) => (
          <tr key={key.id}>
            <td>
              <strong>{zone}</strong>
              <div className="small dim mono">{key.id}</div>
            </td>
            <td>{stateOf(key)}</td>
            <td>{counted(key.values, 'value', 'values')}</td>
            <td>
              <When at={key.made} />
            </td>
            <td>
              {key.retired === null && may('key.rotate') && (
                <Button size="xs" variant="default" onClick={() => onChange(zone)}>
                  New key…
                </Button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function stateOf({ destroyed, open, retired }: ZoneKey): string {
  if (destroyed !== null) return 'destroyed';
  if (!open) return 'does not open';
  return retired === null ? 'in use' : 'retired';
}
