import { FileInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { addSbom } from '../../api/sboms.ts';
import { ReasonDialog } from '../../shell/reason.tsx';

/** Whose it is may be left out where the document names its product. */
export function AddSbomDialog({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [stated, setStated] = useState({ vendor: '', model: '', software: '' });
  const act = async (reason: string) => {
    const told = Object.fromEntries(Object.entries(stated).filter(([, value]) => value.trim() !== ''));
    await addSbom({ name: file!.name, text: await file!.text(), ...told }, reason);
  };
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title="Add a bill of materials"
      confirm="Add"
      done="The bill of materials is added."
      ready={file !== null}
      act={act}
    >
      <FileInput
        label="Document"
        description="CycloneDX 1.2 to 1.7 (JSON, XML), SPDX 2.2 and 2.3 (JSON, tag-value) or SPDX 3.0 (JSON-LD)"
        required
        value={file}
        onChange={setFile}
      />
      {fields.map(({ key, label, description }) => (
        <TextInput
          key={key}
          label={label}
          description={description}
          maxLength={300}
          value={stated[key]}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setStated((before) => ({ ...before, [key]: value }));
          }}
        />
      ))}
      <p className="dim">
        It takes the place of an earlier one of the same product and version, which is kept.
      </p>
    </ReasonDialog>
  );
}

const fields = [
  { key: 'vendor', label: 'Vendor', description: 'Empty: as the document says' },
  { key: 'model', label: 'Model', description: 'Empty: as the document says' },
  { key: 'software', label: 'Software version', description: 'Empty: as the document says' },
] as const;
