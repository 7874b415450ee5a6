import { NumberInput, Select, TextInput } from '@mantine/core';
import type { FirmwareRelease } from '@wardline/model';
import { useState } from 'react';
import { firmwareActs, type RolloutPlan } from '../../api/firmware.ts';
import { siteZone } from '../../format/time.ts';
import { useAddress } from '../../shell/address.ts';
import { ReasonDialog } from '../../shell/reason.tsx';

const OWN = 'In each device’s own maintenance windows';
const hours: Readonly<Record<string, Omit<NonNullable<RolloutPlan['window']>, 'timeZone'>>> = {
  'At night, 22 to 4 o’clock': { fromHour: 22, hours: 6 },
  'By day, 9 to 15 o’clock': { fromHour: 9, hours: 6 },
};

function windowOf(chosen: string): RolloutPlan['window'] {
  const daily = hours[chosen];
  return daily === undefined ? null : { ...daily, timeZone: siteZone() };
}

/** `5, 25, 100` as shares; null where they do not grow to 100. */
function sharesIn(text: string): number[] | null {
  const shares = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(Number);
  const grows = shares.every((share, at) => Number.isInteger(share) && share > (shares[at - 1] ?? 0));
  return grows && shares.at(-1) === 100 ? shares : null;
}

/** Waves, what halts them and when devices may begin; the devices on which least hangs go first. */
export function BeginRollout({ release, onClose }: { release: FirmwareRelease; onClose: () => void }) {
  const { go } = useAddress();
  const [waves, setWaves] = useState('5, 25, 100');
  const [mostFailed, setMostFailed] = useState(5);
  const [soakMinutes, setSoakMinutes] = useState(1440);
  const [installMinutes, setInstallMinutes] = useState(30);
  const [kilobytes, setKilobytes] = useState<number | null>(null);
  const [window, setWindow] = useState<string>(OWN);
  const shares = sharesIn(waves);
  const begin = async (reason: string) => {
    const plan = {
      waves: shares!,
      mostFailed,
      leastDone: 100 - mostFailed,
      soakMinutes,
      atOnce: 20,
      kilobytesPerSecond: kilobytes,
      installMinutes,
      silentMinutes: 4 * installMinutes,
      window: windowOf(window),
    };
    const { id } = await firmwareActs.begin(release.path, plan, reason);
    go(`/firmware/rollouts/${id}`);
  };
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`Roll out ${release.manufacturer} ${release.model} ${release.version}`}
      confirm="Begin"
      done="The rollout has begun."
      ready={shares !== null}
      act={begin}
    >
      <p>
        {release.devices - release.running} devices run another version. Each asks before it begins, and waits
        while it is in use or nobody knows. You can pause or stop at any time; what a device has begun it
        ends.
      </p>
      <TextInput
        label="Waves, in percent of all devices"
        description="Each larger than the one before, the last is 100. The devices on which least hangs go first."
        value={waves}
        onChange={(event) => setWaves(event.currentTarget.value)}
        error={shares === null && 'Write numbers that grow to 100, as 5, 25, 100.'}
      />
      <NumberInput
        label="Failures of a wave that are accepted, in percent"
        min={0}
        max={50}
        value={mostFailed}
        onChange={(value) => setMostFailed(Number(value))}
      />
      <NumberInput
        label="Minutes to watch a wave before the next"
        min={0}
        max={100_000}
        value={soakMinutes}
        onChange={(value) => setSoakMinutes(Number(value))}
      />
      <NumberInput
        label="Minutes that an installation takes at the most"
        description={`A device begins only while its window stays open for as long. One that says nothing for ${4 * installMinutes} minutes counts as failed.`}
        min={2}
        max={1440}
        value={installMinutes}
        onChange={(value) => setInstallMinutes(Number(value) || 30)}
      />
      <NumberInput
        label="Kilobytes a second that one device may fetch"
        description="Empty is as fast as it can."
        min={1}
        max={1_000_000}
        value={kilobytes ?? ''}
        onChange={(value) => setKilobytes(Number(value) || null)}
      />
      <Select
        label="When a device may begin"
        description={
          window === OWN
            ? 'Entered under Plan. A device for which nobody entered any waits.'
            : `By the clock of ${siteZone()}, and within a device’s own maintenance windows where it has any.`
        }
        data={[OWN, ...Object.keys(hours)]}
        value={window}
        allowDeselect={false}
        onChange={(value) => setWindow(value ?? OWN)}
      />
    </ReasonDialog>
  );
}
