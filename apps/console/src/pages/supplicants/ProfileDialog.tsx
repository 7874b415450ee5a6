import { Button, Modal, Select } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { SupplicantNetwork } from '@wardline/model';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { supplicantActs } from '../../api/supplicants.ts';
import { formatWords } from './words.ts';

interface ProfileDialogProps {
  network: SupplicantNetwork;
  onClose: () => void;
}

/** A file for the devices of a zone. There is nothing in it that has to be kept. */
export function ProfileDialog({ network, onClose }: ProfileDialogProps) {
  const trust = useQuery(queries.trust());
  const zones = (trust.data?.authorities ?? [])
    .filter(({ state }) => state === 'issuing')
    .map(({ zone }) => zone);
  const [format, setFormat] = useState<string | null>('wpa-supplicant');
  const [chosen, choose] = useState<string | null>(null);
  const zone = chosen ?? zones[0] ?? null;
  const download = useMutation({
    mutationFn: () => supplicantActs.file(network.id, format ?? '', { zone: zone ?? '' }),
    onSuccess: save,
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={`A profile of ${network.name}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className="stack">
        <p>
          It names the network, its servers and the roots to believe. The device’s key and certificate are not
          in it: the device has them from its enrolment.
        </p>
        <Select
          label="For"
          data={Object.entries(formatWords).map(([value, label]) => ({ value, label }))}
          value={format}
          onChange={setFormat}
        />
        <Select label="Devices of the zone" data={zones} value={zone} onChange={choose} />
        {download.error && (
          <p role="alert" className="form-error">
            Not made: {download.error.message}
          </p>
        )}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button
            disabled={format === null || zone === null}
            loading={download.isPending}
            onClick={() => download.mutate()}
          >
            Download
          </Button>
        </div>
      </div>
    </Modal>
  );
}

function save({ name, type, text }: { name: string; type: string; text: string }): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
