import { Button, NumberInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { VersionRow } from '@wardline/model';
import { useState } from 'react';
import { segmentationActs, segmentationQueries } from '../../api/segmentation.ts';
import { counted } from '../../format/number.ts';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { EffectTable } from './EffectTable.tsx';
import { effectSentence } from './words.ts';

/** What whoever looks may do with a version. */
export function VersionActs({ version }: { version: VersionRow }) {
  const may = useMay();
  const [act, setAct] = useState<'approve' | 'refuse' | 'restore' | null>(null);
  const close = () => setAct(null);
  const isProposed = version.state === 'proposed';
  return (
    <div className="row">
      {isProposed && may('segmentation.approve') && !version.mine && (
        <Button size="xs" onClick={() => setAct('approve')}>
          Approve…
        </Button>
      )}
      {isProposed && version.mine && <span className="dim small">somebody else approves</span>}
      {isProposed && may('segmentation.refuse') && (
        <Button size="xs" variant="default" onClick={() => setAct('refuse')}>
          {version.mine ? 'Withdraw…' : 'Refuse…'}
        </Button>
      )}
      {version.state === 'superseded' && may('segmentation.restore') && (
        <Button size="xs" variant="default" onClick={() => setAct('restore')}>
          Go back to it…
        </Button>
      )}
      {act === 'approve' && <Approve version={version} onClose={close} />}
      {act === 'refuse' && <Refuse version={version} onClose={close} />}
      {act === 'restore' && <Restore version={version} onClose={close} />}
    </div>
  );
}

interface DialogProps {
  version: VersionRow;
  onClose: () => void;
}

/** Shows first what it cuts as of now; with life-critical devices among it, the approver writes down how many they saw. */
function Approve({ version: { number }, onClose }: DialogProps) {
  const { data: version } = useQuery(segmentationQueries.version(String(number)));
  const { data } = useQuery({
    ...segmentationQueries.simulated(version?.text ?? '', false),
    enabled: version !== undefined,
  });
  const [accepted, setAccepted] = useState<number | string>('');
  const life = data?.effect.cutLifeCritical ?? 0;
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`Put version ${number} into force`}
      confirm="Put it into force"
      done={`Version ${number} is in force.`}
      ready={data !== undefined && (life === 0 || accepted === life)}
      act={(reason) => segmentationActs.approve(number, life, reason)}
    >
      {data === undefined ? (
        <p>Working out what it would do to what was recorded…</p>
      ) : (
        <>
          <p>{effectSentence(data.effect)}</p>
          {data.cut.length > 0 && <EffectTable rows={data.cut.slice(0, 10)} />}
        </>
      )}
      {life > 0 && (
        <NumberInput
          label={`It cuts ${counted(life, 'conversation')} of life-critical devices. Write the number to show that care allows it`}
          min={0}
          value={accepted}
          onChange={setAccepted}
        />
      )}
      <p className="small dim">To undo it, go back to the version before: at once, and by one person.</p>
    </ReasonDialog>
  );
}

function Refuse({ version: { number, mine }, onClose }: DialogProps) {
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`${mine ? 'Withdraw' : 'Refuse'} version ${number}`}
      confirm={mine ? 'Withdraw it' : 'Refuse it'}
      done={`Version ${number} does not come into force.`}
      act={(reason) => segmentationActs.refuse(number, reason)}
    >
      <p>What is in force stays. The same text can be proposed again.</p>
    </ReasonDialog>
  );
}

function Restore({ version: { number, effect }, onClose }: DialogProps) {
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`Go back to version ${number}`}
      confirm="Go back"
      done={`What version ${number} says is in force again.`}
      act={(reason) => segmentationActs.restore(number, reason)}
    >
      <p>It was in force before, so one person is enough. When it was proposed: {effectSentence(effect)}</p>
    </ReasonDialog>
  );
}
