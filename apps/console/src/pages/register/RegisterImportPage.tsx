import { Button, SegmentedControl, Select, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { acts } from '../../api/acts.ts';
import type { RegisterField, RegisterPreview } from '../../api/types.ts';
import { counted } from '../../format/number.ts';
import { plain } from '../../format/words.ts';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { DropZone } from '../imports/DropZone.tsx';
import { PreviewTable } from './PreviewTable.tsx';

/** The type keeps this list complete: the browser carries no schema. */
const fields: Record<RegisterField, string> = {
  tag: 'Inventory tag',
  vendor: 'Vendor',
  model: 'Model',
  serial: 'Serial number',
  class: 'Device class',
  mac: 'MAC address',
  ip: 'IP address',
  hostname: 'Host name',
  software: 'Software version',
  department: 'Department',
  location: 'Location',
  owner: 'Owner',
  criticality: 'Criticality',
  status: 'Status',
  notes: 'Notes',
};

interface Chosen {
  name: string;
  csv: string;
}
type Mapping = Record<string, RegisterField>;

/** Upload, map the columns, look at what would happen, import with a reason. */
export function RegisterImportPage() {
  const [file, setFile] = useState<Chosen | null>(null);
  const [failure, setFailure] = useState('');
  const take = async (chosen: File) => {
    try {
      setFile({
        name: chosen.name,
        csv: new TextDecoder('utf-8', { fatal: false }).decode(await chosen.arrayBuffer()),
      });
    } catch {
      setFailure(`${chosen.name} could not be read. Nothing was changed; choose it again.`);
    }
  };
  return (
    <div className="page">
      <nav aria-label="Where you are" className="small">
        <AppLink href="/register">Register</AppLink>
      </nav>
      <h1>Import a register</h1>
      {file ? (
        <Wizard key={file.name + file.csv.length} file={file} onOther={() => setFile(null)} />
      ) : (
        <>
          <DropZone
            accept=".csv,.txt,.tsv,text/csv"
            multiple={false}
            label="Choose the register’s CSV file"
            onFiles={([first]) => first && void take(first)}
          >
            An export of the hospital’s CMMS: one device a line, headings in the first line. Comma, semicolon
            or tab.
          </DropZone>
          {failure && (
            <p role="alert" className="form-error">
              {failure}
            </p>
          )}
        </>
      )}
    </div>
  );
}

function Wizard({ file, onOther }: { file: Chosen; onOther: () => void }) {
  const [mapping, setMapping] = useState<Mapping | undefined>(undefined);
  const preview = useQuery({
    queryKey: ['register-preview', file.name, file.csv.length, mapping],
    queryFn: () => acts.previewRegister(file.csv, mapping),
    placeholderData: (old: RegisterPreview | undefined) => old,
    staleTime: 0,
    gcTime: 0,
  });
  const { data, error } = preview;
  return (
    <>
      <section className="card spread">
        <span>
          <strong>{file.name}</strong> {data && <span className="dim">{counted(data.rows, 'line')}</span>}
        </span>
        <Button variant="default" onClick={onOther}>
          Choose another file
        </Button>
      </section>
      {error && (
        <p role="alert" className="form-error">
          {error.message} Nothing was changed.
        </p>
      )}
      {data && <MappingCard preview={data} onMap={setMapping} />}
      {data && <PreviewTable preview={data} />}
      {data && <ImportCard file={file} preview={data} />}
    </>
  );
}

function MappingCard({ preview, onMap }: { preview: RegisterPreview; onMap: (mapping: Mapping) => void }) {
  const choices = Object.entries(fields).map(([value, label]) => ({ value, label }));
  const set = (column: string, field: string | null) => {
    const rest = Object.entries(preview.mapping).filter(
      ([other, taken]) => other !== column && taken !== field,
    );
    onMap(Object.fromEntries(field === null ? rest : [...rest, [column, field as RegisterField]]));
  };
  return (
    <section className="card stack-tight" aria-labelledby="mapping">
      <h2 id="mapping">1. Which column is what</h2>
      <p className="dim">Guessed from the headings; a column without a field is left out.</p>
      <div className="mapping">
        {preview.columns.map((column) => (
          <Select
            key={column}
            label={column}
            clearable
            clearButtonProps={{ 'aria-label': `Leave ${column} out` }}
            placeholder="left out"
            data={choices}
            value={preview.mapping[column] ?? null}
            onChange={(field) => set(column, field)}
          />
        ))}
      </div>
    </section>
  );
}

const modes = [
  { value: 'merge', label: 'Add and change' },
  { value: 'replace', label: 'Replace the whole register' },
];

function ImportCard({ file, preview }: { file: Chosen; preview: RegisterPreview }) {
  const { go } = useAddress();
  const client = useQueryClient();
  const [mode, setMode] = useState('merge');
  const [reason, setReason] = useState('');
  const run = useMutation({
    mutationFn: () => acts.importRegister(file.csv, preview.mapping, mode, reason.trim()),
    onSuccess: async () => {
      await client.invalidateQueries();
      go('/register');
    },
  });
  return (
    <section className="card stack" aria-labelledby="import">
      <h2 id="import">3. Import</h2>
      <p>{outcome(preview, mode)}</p>
      <SegmentedControl
        aria-label="What to do with the present register"
        data={modes}
        value={mode}
        onChange={setMode}
        style={{ alignSelf: 'flex-start' }}
      />
      <Textarea
        label="Reason"
        description="Goes into the ledger with your name."
        required
        autosize
        minRows={2}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {run.error && (
        <p role="alert" className="form-error">
          Not imported, the register is as it was: {run.error.message}
        </p>
      )}
      <Button
        style={{ alignSelf: 'flex-start' }}
        loading={run.isPending}
        disabled={reason.trim().length < 3 || preview.entries.length === 0}
        onClick={() => run.mutate()}
      >
        Import {counted(preview.rows, 'line')}
      </Button>
    </section>
  );
}

function outcome(preview: RegisterPreview, mode: string): string {
  const removed = mode === 'replace' ? `, ${counted(preview.removed, 'entry', 'entries')} withdrawn` : '';
  const errors = preview.issues.filter((issue) => issue.severity === 'error').length;
  const left = errors > 0 ? ` ${counted(errors, 'error')} will be left out (${plain('see above')}).` : '';
  return `${counted(preview.added, 'entry', 'entries')} added, ${preview.changed} changed, ${preview.unchanged} as before${removed}.${left}`;
}
