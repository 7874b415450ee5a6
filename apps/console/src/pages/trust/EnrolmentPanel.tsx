import { Button, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { type EnrolmentRow, trustActs } from '../../api/trust.ts';
import { When } from '../../marks/When.tsx';
import { SidePanel } from '../../panel/SidePanel.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Assurance } from './Assurance.tsx';
import { wayWords } from './words.ts';

/** Who asks, what it showed, why it waits; and deciding. */
export function EnrolmentPanel({ row, onClose }: { row: EnrolmentRow; onClose: () => void }) {
  const may = useMay();
  const [deciding, setDeciding] = useState<'approve' | 'refuse' | null>(null);
  return (
    <SidePanel subject={row.id} title="Enrolment" onClose={onClose}>
      {row.misfits.length > 0 && (
        <section>
          <h3>Why a person has to look</h3>
          {row.misfits.map((misfit) => (
            <p key={misfit}>{misfit}</p>
          ))}
        </section>
      )}
      <dl className="pairs">
        <dt>Showed</dt>
        <dd>{wayWords[row.way]}</dd>
        <dt>Maker</dt>
        <dd>{row.maker ?? '–'}</dd>
        <dt>Serial number</dt>
        <dd>{row.serialNumber ?? '–'}</dd>
        <dt>Device</dt>
        <dd>
          {row.asset === null ? (
            'Not known'
          ) : (
            <AppLink href={`/assets/${row.asset}`}>{row.assetName ?? row.asset}</AppLink>
          )}
        </dd>
        <dt>Asked</dt>
        <dd>
          <When at={row.asked} />, last <When at={row.lastAsked} />
        </dd>
        <dt>Key</dt>
        <dd>
          <Assurance value={row.assurance} /> <div className="mono small">{row.keyDigest}</div>
        </dd>
        {row.decided !== null && (
          <>
            <dt>Decided</dt>
            <dd>
              {row.decidedBy}, <When at={row.decided} />: {row.decision}
            </dd>
          </>
        )}
      </dl>
      {row.state === 'waiting' && may('enrolment.refuse') && (
        <div className="row">
          {may('enrolment.approve') && <Button onClick={() => setDeciding('approve')}>Approve…</Button>}
          <Button variant="default" onClick={() => setDeciding('refuse')}>
            Refuse…
          </Button>
        </div>
      )}
      {deciding === 'approve' && <Approve row={row} onClose={() => setDeciding(null)} />}
      <ReasonDialog
        opened={deciding === 'refuse'}
        onClose={() => setDeciding(null)}
        title="Refuse the enrolment"
        confirm="Refuse it"
        done="The enrolment is refused."
        act={(reason) => trustActs.refuse(row.id, reason)}
      >
        <p>The device is told your reason when it asks again. With another key it can ask anew.</p>
      </ReasonDialog>
    </SidePanel>
  );
}

function Approve({ row, onClose }: { row: EnrolmentRow; onClose: () => void }) {
  const [asset, setAsset] = useState(row.asset ?? '');
  const trust = useQuery(queries.trust());
  const zones =
    trust.data?.authorities.filter(({ state }) => state === 'issuing').map((one) => one.zone) ?? [];
  const [zone, setZone] = useState(row.zone);
  const chosen = zone ?? zones[0] ?? null;
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title="Approve the enrolment"
      confirm="Give it a certificate"
      done="Approved: the device gets its certificate when it asks again."
      ready={asset.trim() !== '' && chosen !== null}
      act={(reason) => trustActs.approve(row.id, asset.trim(), chosen!, reason)}
    >
      <p>
        From then on whoever holds this key speaks as the device that you name. See that it is the one:
        compare serial number and place. Revoking the certificate undoes it.
      </p>
      <TextInput
        label="Device"
        description="Its id, as the address of its page shows it."
        required
        value={asset}
        onChange={(event) => setAsset(event.currentTarget.value)}
      />
      <Select label="Zone" data={zones} value={chosen} allowDeselect={false} onChange={setZone} required />
    </ReasonDialog>
  );
}
