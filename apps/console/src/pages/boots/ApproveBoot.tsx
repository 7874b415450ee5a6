import { MultiSelect } from '@mantine/core';
import type { BootAppraisal } from '@wardline/model';
import { useState } from 'react';
import { bootActs } from '../../api/boots.ts';
import { ReasonDialog } from '../../shell/reason.tsx';

/** What each PCR holds (TCG PC Client Platform Firmware Profile §3.3.4). */
const names: Readonly<Record<string, string>> = {
  0: 'firmware',
  1: 'settings of the firmware',
  2: 'option ROMs',
  3: 'settings of option ROMs',
  4: 'boot loader',
  5: 'partitions and settings of the loader',
  6: 'events of the maker',
  7: 'policy of Secure Boot',
  8: 'commands of the loader',
  9: 'files of the loader',
  11: 'kernel image',
  14: 'keys of the loader',
};
const USUAL = ['0', '2', '4', '7', '9'];
const NEVER_EXTENDED = /^(00)+$/;

/** A person says that a boot is good, for every device of its maker, model and version. */
export function ApproveBoot({ boot, onClose }: { boot: BootAppraisal; onClose: () => void }) {
  const quoted = Object.keys(boot.pcrs).filter((pcr) => names[pcr] !== undefined);
  const [pcrs, setPcrs] = useState(quoted.filter((pcr) => USUAL.includes(pcr)));
  const empty = pcrs.filter((pcr) => NEVER_EXTENDED.test(boot.pcrs[pcr] ?? ''));
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`What ${boot.name} booted is good`}
      confirm="It is good"
      done="Devices are judged by it when they come next."
      ready={pcrs.length > 0}
      act={(reason) => bootActs.approve(boot.id, pcrs.map(Number), reason)}
    >
      <p>
        From then on a {boot.vendor} {boot.model} {boot.software} that measures the same is known to be good,
        and one that measures something else is a finding. Say so only of a device whose firmware somebody
        held against the maker’s.
      </p>
      <MultiSelect
        label="What has to be the same"
        description="Settings and partitions differ from device to device."
        data={quoted.map((pcr) => ({ value: pcr, label: `PCR ${pcr}: ${names[pcr]}` }))}
        value={pcrs}
        onChange={setPcrs}
      />
      {empty.length > 0 && (
        <p className="dim">Nothing was ever measured into PCR {empty.join(', ')} of this device.</p>
      )}
    </ReasonDialog>
  );
}
