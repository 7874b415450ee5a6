import { useQuery } from '@tanstack/react-query';
import { firmwareQueries } from '../../api/firmware.ts';
import { AppLink } from '../../shell/AppLink.tsx';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import { ReleasesCard } from './ReleasesCard.tsx';
import { RolesCard } from './RolesCard.tsx';
import { RolloutsCard } from './RolloutsCard.tsx';
import './firmware.css';

/** What is offered to devices, who signed it and until when, and how it reaches them. */
export function FirmwarePage() {
  const status = useQuery(firmwareQueries.status());
  const releases = useQuery(firmwareQueries.releases());
  const rollouts = useQuery(firmwareQueries.rollouts());
  const error = status.error ?? releases.error ?? rollouts.error;
  const again = () => void Promise.all([status.refetch(), releases.refetch(), rollouts.refetch()]);
  if (error) return <Failure error={error} retry={again} what="The firmware" />;
  if (!status.data || !releases.data || !rollouts.data) return <Loading label="the firmware" rows={8} />;
  return (
    <div className="stack">
      <div>
        <h1>Firmware</h1>
        <p className="dim">
          Devices take what people signed away from this server, in waves, and never while in use.
        </p>
      </div>
      {status.data.roles.length === 0 ? (
        <Empty title="Nothing is published yet">
          Root and targets keys stay with people: the{' '}
          <AppLink href="/firmware/signing">signing ceremony</AppLink> leads through the first signing.
        </Empty>
      ) : (
        <>
          <RolloutsCard rollouts={rollouts.data.items} />
          <ReleasesCard releases={releases.data.items} />
        </>
      )}
      <RolesCard status={status.data} />
      <p>
        <AppLink href="/firmware/signing">
          Signing ceremony, step by step, also where a key was stolen
        </AppLink>
      </p>
    </div>
  );
}
