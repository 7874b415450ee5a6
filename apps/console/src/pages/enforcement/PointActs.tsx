import { Button, NumberInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { OrderAct, PointDetail } from '@wardline/model';
import { useState } from 'react';
import { enforcementActs, enforcementQueries } from '../../api/enforcement.ts';
import { counted } from '../../format/number.ts';
import { useAddress } from '../../shell/address.ts';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Foreseen } from './Foreseen.tsx';
import { backWords } from './words.ts';

/** What whoever looks may have the point do. */
export function PointActs({ point }: { point: PointDetail }) {
  const may = useMay();
  const [asked, ask] = useState<OrderAct | 'withdraw' | 'remove' | null>(null);
  const close = () => ask(null);
  const isFree = point.obeys && point.order === null && may('enforcement.order');
  const hasBack = point.version !== null || point.policyName !== null || point.back?.policyName != null;
  return (
    <div className="row">
      {isFree && point.trialUntil !== null && <Button onClick={() => ask('confirm')}>Keep it…</Button>}
      {isFree && point.trialUntil === null && point.current !== null && (
        <Button onClick={() => ask('apply')}>Apply version {point.current}…</Button>
      )}
      {isFree && hasBack && (
        <Button variant="default" onClick={() => ask('go-back')}>
          Go back…
        </Button>
      )}
      {point.order?.state === 'waiting' && may('enforcement.withdraw') && (
        <Button variant="default" onClick={() => ask('withdraw')}>
          Withdraw the order…
        </Button>
      )}
      {may('enforcement.remove') && (
        <Button variant="subtle" onClick={() => ask('remove')}>
          Remove…
        </Button>
      )}
      {asked === 'apply' && <Apply point={point} onClose={close} />}
      {asked === 'go-back' && <GoBack point={point} onClose={close} />}
      {asked === 'confirm' && <Keep point={point} onClose={close} />}
      {asked === 'withdraw' && <Withdraw point={point} onClose={close} />}
      {asked === 'remove' && <Remove point={point} onClose={close} />}
    </div>
  );
}

interface DialogProps {
  point: PointDetail;
  onClose: () => void;
}

/** Shows first what would be cut there and which conversations of care go on; those that end are counted out by hand. */
function Apply({ point, onClose }: DialogProps) {
  const { data, error } = useQuery(enforcementQueries.preview(point.id, 'apply'));
  const [seconds, setSeconds] = useState<number | string>(120);
  const [accepted, setAccepted] = useState<number | string>('');
  const life = data?.endsLifeCritical ?? 0;
  const isTime = typeof seconds === 'number' && seconds >= 10 && seconds <= 86_400;
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`Apply version ${point.current} at ${point.name}`}
      confirm="Apply on trial"
      done={`${point.name} is told. It proves what it runs before it counts.`}
      ready={data !== undefined && isTime && (life === 0 || accepted === life)}
      act={(reason) =>
        enforcementActs.order(point.id, {
          act: 'apply',
          trialSeconds: Number(seconds),
          cutLifeCritical: life,
          reason,
        })
      }
    >
      <Foreseen preview={data} error={error} />
      {life > 0 && (
        <NumberInput
          label={`It cuts ${counted(life, 'conversation')} of life-critical devices. Write the number to show that care allows it`}
          min={0}
          value={accepted}
          onChange={setAccepted}
        />
      )}
      <NumberInput
        label="Trial, in seconds"
        description="Unless somebody keeps it in time, the point itself brings back what ran before."
        min={10}
        max={86_400}
        value={seconds}
        onChange={setSeconds}
      />
      <p className="small dim">To undo it: wait, or go back. A way back brings {backOf(point)}.</p>
    </ReasonDialog>
  );
}

/** What an application can be undone to is what runs now. */
const backOf = ({ version, policyName }: PointDetail): string =>
  version === null ? (policyName ?? 'no policy: everything passes there') : `version ${version}`;

function GoBack({ point, onClose }: DialogProps) {
  const { data, error } = useQuery(enforcementQueries.preview(point.id, 'go-back'));
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`Go back at ${point.name}`}
      confirm="Go back"
      done={`${point.name} is told to go back.`}
      act={(reason) => enforcementActs.order(point.id, { act: 'go-back', reason })}
    >
      <p>
        It brings {backWords(point)}. One person is enough, and nothing is waited for: what follows is worked
        out while you write.
      </p>
      <Foreseen preview={data} error={error} />
    </ReasonDialog>
  );
}

function Keep({ point, onClose }: DialogProps) {
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`Keep what is on trial at ${point.name}`}
      confirm="Keep it"
      done={`${point.name} is told to keep it.`}
      act={(reason) => enforcementActs.order(point.id, { act: 'confirm', reason })}
    >
      <p>
        Look first whether care works: images arrive, results are sent, monitors are seen. Then it does not go
        away by itself any more; to undo it, go back.
      </p>
    </ReasonDialog>
  );
}

function Withdraw({ point, onClose }: DialogProps) {
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title="Withdraw the order"
      confirm="Withdraw it"
      done="The order was withdrawn."
      act={(reason) => enforcementActs.withdraw(point.order!.id, reason)}
    >
      <p>{point.name} has not taken it yet. What runs there stays.</p>
    </ReasonDialog>
  );
}

function Remove({ point, onClose }: DialogProps) {
  const { go } = useAddress();
  const remove = async (reason: string) => {
    await enforcementActs.remove(point.id, reason);
    go('/enforcement');
  };
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`Remove ${point.name}`}
      confirm="Remove it"
      done={`${point.name} is off the list.`}
      act={remove}
    >
      <p>What it runs stays as it is; only nobody here is told of it any more. To undo it, add it again.</p>
    </ReasonDialog>
  );
}
