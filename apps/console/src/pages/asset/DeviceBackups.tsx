import { Button, Checkbox, TextInput } from '@mantine/core';
import type { DeviceBackup } from '@wardline/model';
import { useState } from 'react';
import { lifecycle } from '../../api/suppliers.ts';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';

interface Props {
  asset: string;
  backups: readonly DeviceBackup[];
}

/** Copies of the device's settings, the newest first; the copies themselves lie elsewhere. */
export function DeviceBackups({ asset, backups }: Props) {
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const [tried, setTried] = useState<DeviceBackup | null>(null);
  const [lost, setLost] = useState<DeviceBackup | null>(null);
  return (
    <div className="stack-tight">
      <div className="spread">
        <h3>Backups of its settings</h3>
        {may('lifecycle.backup') && (
          <Button size="compact-sm" variant="default" onClick={() => setAdding(true)}>
            Enter a backup
          </Button>
        )}
      </div>
      {backups.length === 0 ? (
        <p className="dim">None is entered.</p>
      ) : (
        <ul className="plain-list stack-tight">
          {backups.map((one) => (
            <li key={one.id} className="spread">
              <span>{wordsOf(one)}</span>
              <span className="row">
                {one.kind === 'settings' && may('lifecycle.backup-tried') && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={`The backup of ${one.made} was tried`}
                    onClick={() => setTried(one)}
                  >
                    Was tried
                  </Button>
                )}
                {may('lifecycle.backup-lost') && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={`The backup of ${one.made} is lost`}
                    onClick={() => setLost(one)}
                  >
                    Is lost
                  </Button>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      {adding && <AddDialog asset={asset} onClose={() => setAdding(false)} />}
      {tried !== null && <TriedDialog asset={asset} backup={tried} onClose={() => setTried(null)} />}
      {lost !== null && (
        <ReasonDialog
          opened
          onClose={() => setLost(null)}
          title={`The backup of ${lost.made} is lost`}
          confirm="It is lost"
          done="It counts no more."
          act={(reason) => lifecycle.loseBackup(asset, lost.id, reason)}
        >
          <p>It counts no more from now on; its entry stays in the ledger.</p>
        </ReasonDialog>
      )}
    </div>
  );
}

function wordsOf({ made, kind, place, software, tried, triedHow, sha256 }: DeviceBackup): string {
  if (kind === 'nothing-to-save') return `${made}: it has no settings to save.`;
  const version = software === '' ? '' : ` of version ${software}`;
  const hash = sha256 === null ? '' : `, SHA-256 ${sha256.slice(0, 12)}…`;
  const restored =
    tried === null ? 'Nobody has restored it for a try.' : `Restored for a try on ${tried}: ${triedHow}.`;
  return `${made}${version}, in ${place}${hash}. ${restored}`;
}

function AddDialog({ asset, onClose }: { asset: string; onClose: () => void }) {
  const [made, setMade] = useState('');
  const [place, setPlace] = useState('');
  const [none, setNone] = useState(false);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(made);
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title="Enter a backup of its settings"
      confirm="Enter it"
      done="The backup is entered."
      ready={isDay && (none || place.trim() !== '')}
      act={(reason) =>
        lifecycle.addBackup(
          asset,
          { made, kind: none ? 'nothing-to-save' : 'settings', place: none ? '' : place.trim() },
          reason,
        )
      }
    >
      <Checkbox
        label="It has no settings to save"
        checked={none}
        onChange={(event) => setNone(event.currentTarget.checked)}
      />
      <TextInput
        label={none ? 'Looked at on' : 'Made on'}
        description="As 2026-12-31"
        required
        value={made}
        onChange={(event) => setMade(event.currentTarget.value)}
      />
      {!none && (
        <TextInput
          label="Where the copy lies"
          description="A folder, a safe, the maker’s service; no passwords"
          required
          maxLength={300}
          value={place}
          onChange={(event) => setPlace(event.currentTarget.value)}
        />
      )}
    </ReasonDialog>
  );
}

interface TriedProps {
  asset: string;
  backup: DeviceBackup;
  onClose: () => void;
}

function TriedDialog({ asset, backup: { id, made }, onClose }: TriedProps) {
  const [day, setDay] = useState('');
  const [how, setHow] = useState('');
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`The backup of ${made} was restored for a try`}
      confirm="It was"
      done="The try is entered."
      ready={/^\d{4}-\d{2}-\d{2}$/.test(day) && how.trim().length > 2}
      act={(reason) => lifecycle.tryBackup(asset, id, { day, how: how.trim() }, reason)}
    >
      <TextInput
        label="On"
        description="As 2026-12-31"
        required
        value={day}
        onChange={(event) => setDay(event.currentTarget.value)}
      />
      <TextInput
        label="How"
        description="On which device, and what was compared"
        required
        maxLength={500}
        value={how}
        onChange={(event) => setHow(event.currentTarget.value)}
      />
    </ReasonDialog>
  );
}
