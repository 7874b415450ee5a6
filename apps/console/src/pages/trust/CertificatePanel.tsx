import { Button, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { type CertificateRow, trustActs } from '../../api/trust.ts';
import { When } from '../../marks/When.tsx';
import { SidePanel } from '../../panel/SidePanel.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { Assurance } from './Assurance.tsx';
import { stateWords } from './words.ts';

const whys = [
  { value: 'out-of-service', label: 'The device is out of service' },
  { value: 'key-compromise', label: 'Its key may be in other hands' },
  { value: 'affiliation-changed', label: 'It belongs elsewhere now' },
  { value: 'superseded', label: 'Another one took its place' },
  { value: 'unspecified', label: 'Another reason' },
];

/** One certificate: whom it names, how long, where its key lies, and revoking it. */
export function CertificatePanel({ row, onClose }: { row: CertificateRow; onClose: () => void }) {
  const may = useMay();
  const [revoking, setRevoking] = useState(false);
  const [why, setWhy] = useState('out-of-service');
  const name = row.assetName ?? row.holder;
  return (
    <SidePanel subject={row.id} title={`Certificate of ${name}`} onClose={onClose}>
      <dl className="pairs">
        <dt>State</dt>
        <dd>
          {stateWords[row.state]}
          {row.revoked !== null && (
            <>
              {' '}
              (<When at={row.revoked} />, {row.revokedWhy})
            </>
          )}
        </dd>
        <dt>Holder</dt>
        <dd>{row.asset === null ? row.holder : <AppLink href={`/assets/${row.asset}`}>{name}</AppLink>}</dd>
        <dt>Zone</dt>
        <dd>{row.zone}</dd>
        <dt>Holds</dt>
        <dd>
          <When at={row.from} /> to <When at={row.until} />
        </dd>
        <dt>Renewed from</dt>
        <dd>
          <When at={row.renewAt} />
        </dd>
        <dt>Last shown here</dt>
        <dd>{row.seen === null ? 'never' : <When at={row.seen} />}</dd>
        <dt>Key</dt>
        <dd>
          <Assurance value={row.assurance} />
        </dd>
        <Detail id={row.id} />
      </dl>
      {row.state !== 'revoked' && row.state !== 'expired' && may('certificate.revoke') && (
        <div>
          <Button color="red" variant="outline" onClick={() => setRevoking(true)}>
            Revoke…
          </Button>
        </div>
      )}
      <ReasonDialog
        opened={revoking}
        onClose={() => setRevoking(false)}
        title={`Revoke the certificate of ${name}`}
        confirm="Revoke it"
        done={`The certificate of ${name} is revoked.`}
        act={(reason) => trustActs.revoke(row.id, why, reason)}
      >
        <p>
          From now on {name} is let in nowhere by this certificate. Where it is needed for care, see first
          that it works another way. This cannot be undone: the device has to enrol again.
        </p>
        <Select
          label="Why"
          data={whys}
          value={why}
          allowDeselect={false}
          onChange={(value) => setWhy(value ?? 'unspecified')}
        />
      </ReasonDialog>
    </SidePanel>
  );
}

function Detail({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(queries.certificate(id));
  if (error) return <Failure error={error} retry={() => void refetch()} what="The certificate" />;
  if (!data) return <Loading label="certificate" rows={3} />;
  return (
    <>
      <dt>Subject</dt>
      <dd>{data.subject}</dd>
      <dt>Names</dt>
      <dd className="mono small">{data.names.join(' ')}</dd>
      <dt>Issuer</dt>
      <dd>{data.issuer}</dd>
      <dt>Serial number</dt>
      <dd className="mono small">{data.serial}</dd>
      <dt>SHA-256</dt>
      <dd className="mono small">{data.fingerprint}</dd>
    </>
  );
}
