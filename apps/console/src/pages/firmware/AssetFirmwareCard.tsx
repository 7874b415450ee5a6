import { useQuery } from '@tanstack/react-query';
import type { AssetFirmware } from '@wardline/model';
import { assetFirmware } from '../../api/firmware.ts';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { Failure } from '../../shell/states.tsx';
import { deviceWords, reasonWords } from './words.ts';
import './firmware.css';

/** What a device told that it runs, and how updates went; nothing where there is nothing to tell. */
export function AssetFirmwareCard({ asset }: { asset: string }) {
  const may = useMay();
  const { data, error, refetch } = useQuery({ ...assetFirmware(asset), enabled: may('firmware.asset') });
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="The firmware" />;
  if (!data || (data.running.length === 0 && data.rollouts.length === 0 && data.offered === null))
    return null;
  return (
    <section className="card stack-tight" aria-labelledby="firmware">
      <h2 id="firmware">Firmware</h2>
      <p>{sentence(data)}</p>
      {data.running.length > 0 && <Running running={data.running} />}
      {data.rollouts.length > 0 && <Rollouts rollouts={data.rollouts} />}
    </section>
  );
}

function sentence({ running: [last], offered }: AssetFirmware): string {
  const runs =
    last === undefined
      ? 'The device itself has not told what it runs.'
      : `It told that it runs ${last.version}${last.onTrial ? ', on trial' : ''}.`;
  return offered === null ? `${runs} No image is offered for its model.` : `${runs} Offered is ${offered}.`;
}

function Running({ running }: Pick<AssetFirmware, 'running'>) {
  return (
    <ul className="plain-list">
      {running.map(({ since, heard, version, securityVersion, sha256, onTrial }) => (
        <li key={since}>
          {version}
          {onTrial && ' on trial'}, security version {securityVersion},{' '}
          <code title={sha256}>{sha256.slice(0, 12)}</code>{' '}
          <span className="dim">
            since <When at={since} />, last heard <When at={heard} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function Rollouts({ rollouts }: Pick<AssetFirmware, 'rollouts'>) {
  return (
    <ul className="plain-list">
      {rollouts.map(({ id, version, begun, state, because }) => (
        <li key={id}>
          <AppLink href={`/firmware/rollouts/${id}`}>Rollout of {version}</AppLink>{' '}
          <span className={`mark firmware-state-${state}`}>{deviceWords[state]}</span>{' '}
          <span className="dim">
            {because !== '' && `${reasonWords(because)}, `}begun <When at={begun} />
          </span>
        </li>
      ))}
    </ul>
  );
}
