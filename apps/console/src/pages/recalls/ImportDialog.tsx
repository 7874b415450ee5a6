import { FileInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { recalls } from '../../api/recalls.ts';
import { counted } from '../../format/number.ts';
import { ReasonDialog } from '../../shell/reason.tsx';

/** Takes notices of a file in; how many devices may be meant is told when it is done. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const act = async (reason: string) => {
    const { read, added, devices, faults } = await recalls.take(file!, reason);
    const faulty =
      faults[0] &&
      ` ${counted(faults.length, 'record')} could not be read, first ${faults[0].place}: ${faults[0].message}.`;
    notifications.show({
      message: `${counted(read, 'notice')} read, ${added} new; ${counted(devices, 'device')} may be meant by what is new.${faulty ?? ''}`,
      withCloseButton: true,
      autoClose: false,
    });
  };
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title="Import notices"
      confirm="Import"
      done="The notices are held against every device."
      ready={file !== null}
      act={act}
    >
      <FileInput
        label="File"
        description="openFDA’s device/recall or device/enforcement as JSON, or field safety notices as CSV"
        required
        value={file}
        onChange={setFile}
      />
      <p className="dim">
        A table has one row for each product of a notice, with columns such as reference, manufacturer,
        product, UDI-DI, lots, serial numbers, hazard, action. A notice that comes again is brought up to
        date.
      </p>
    </ReasonDialog>
  );
}
