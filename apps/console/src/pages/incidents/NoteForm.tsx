import { FileInput, Select } from '@mantine/core';
import { useState } from 'react';
import { incidentActs } from '../../api/incidents.ts';
import { hashed } from '../../format/hashed.ts';
import { useMay } from '../../shell/permissions.ts';
import { WriteDown } from '../../shell/WriteDown.tsx';

/** Writes a line on the timeline. A file of evidence stays where it is: only its name, length and hash are taken. */
export function NoteForm({ number }: { number: number }) {
  const may = useMay();
  const [kind, setKind] = useState<string>('note');
  const [file, setFile] = useState<File | null>(null);
  if (!may('incident.note')) return null;
  const write = async (text: string) => {
    const evidence = kind === 'evidence' && file !== null ? await hashed(file) : null;
    await incidentActs.note(number, { kind, text, evidence });
    setFile(null);
  };
  return (
    <WriteDown
      label="What happened, was decided or was found; without patients’ names"
      maxLength={4000}
      topic="incidents"
      write={write}
      ready={kind !== 'evidence' || file !== null}
      primary
    >
      <Select
        aria-label="Kind"
        data={[
          { value: 'note', label: 'Note' },
          { value: 'decision', label: 'Decision' },
          { value: 'evidence', label: 'Evidence' },
        ]}
        allowDeselect={false}
        value={kind}
        onChange={(next) => setKind(next ?? 'note')}
      />
      {kind === 'evidence' && (
        <FileInput
          placeholder="The file, which stays with you"
          aria-label="File"
          value={file}
          onChange={setFile}
        />
      )}
    </WriteDown>
  );
}
