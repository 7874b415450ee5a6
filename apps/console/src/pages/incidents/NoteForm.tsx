import { Button, FileInput, Select, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { incidentActs } from '../../api/incidents.ts';
import { hashed } from '../../format/hashed.ts';
import { useMay } from '../../shell/permissions.ts';

/** Writes a line on the timeline. A file of evidence stays where it is: only its name, length and hash are taken. */
export function NoteForm({ number }: { number: number }) {
  const may = useMay();
  const client = useQueryClient();
  const [text, setText] = useState('');
  const [kind, setKind] = useState<string>('note');
  const [file, setFile] = useState<File | null>(null);
  const write = useMutation({
    mutationFn: async () => {
      const evidence = kind === 'evidence' && file !== null ? await hashed(file) : null;
      return await incidentActs.note(number, { kind, text: text.trim(), evidence });
    },
    onSuccess: async () => {
      setText('');
      setFile(null);
      await client.invalidateQueries({ queryKey: ['incidents'] });
    },
  });
  if (!may('incident.note')) return null;
  const isReady = text.trim().length > 2 && (kind !== 'evidence' || file !== null);
  return (
    <form
      className="stack-tight no-print"
      onSubmit={(event) => {
        event.preventDefault();
        write.mutate();
      }}
    >
      <Textarea
        label="What happened, was decided or was found; without patients’ names"
        autosize
        minRows={2}
        maxLength={4000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className="row">
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
        <Button type="submit" disabled={!isReady} loading={write.isPending}>
          Write it down
        </Button>
      </div>
      {write.error && (
        <p role="alert" className="form-error">
          Not written: {write.error.message}
        </p>
      )}
    </form>
  );
}
