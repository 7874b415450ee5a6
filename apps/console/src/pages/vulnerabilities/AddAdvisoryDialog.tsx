import { FileInput } from '@mantine/core';
import { useState } from 'react';
import { addAdvisory } from '../../api/feeds.ts';
import { ReasonDialog } from '../../shell/reason.tsx';

/** Takes in what a maker or an authority has sent as a file; what cannot be read goes into quarantine, with the place of its fault. */
export function AddAdvisoryDialog({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title="Add an advisory"
      confirm="Add"
      done="It is taken in, and held against every device."
      ready={file !== null}
      act={async (reason) => await addAdvisory({ name: file!.name, text: await file!.text() }, reason)}
    >
      <FileInput
        label="Document"
        description="CSAF 2.0, CVE JSON 5, NVD 2.0, OSV, OpenVEX, KEV, EPSS or an SSVC table"
        required
        value={file}
        onChange={setFile}
      />
    </ReasonDialog>
  );
}
