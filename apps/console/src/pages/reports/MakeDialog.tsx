import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReportKind } from '@wardline/model';
import { useState } from 'react';
import { post } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { ReasonDialog } from '../../shell/reason.tsx';

const kindWords: Readonly<Record<ReportKind, string>> = {
  'risk-analysis': 'Risk analysis (HIPAA 164.308(a)(1)(ii)(A)), with the register',
  'device-file': 'Device security file',
  segmentation: 'Segmentation: declared, proved and seen',
  incident: 'Incident and breach file',
  supplier: 'Supplier review',
  'product-file': 'Product security file (section 524B)',
};
const kinds = Object.entries(kindWords).map(([value, label]) => ({ value, label }));
const subjectWords: Partial<Record<ReportKind, string>> = {
  'device-file': 'Device',
  incident: 'Incident',
  supplier: 'Supplier',
  'product-file': 'Product',
};

/** Makes a report of what is known now. */
export function MakeDialog({ onClose }: { onClose: () => void }) {
  const [kind, setKind] = useState<ReportKind>('risk-analysis');
  const [subject, setSubject] = useState<string | null>(null);
  const label = subjectWords[kind];
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title="Make a report"
      confirm="Make it"
      done="It is made, and stands in the list."
      ready={label === undefined || subject !== null}
      act={(reason) =>
        post('/reports', { kind, reason, ...(label === undefined || subject === null ? {} : { subject }) })
      }
    >
      <Select
        label="Report"
        required
        allowDeselect={false}
        data={kinds}
        value={kind}
        onChange={(next) => {
          setKind((next ?? kind) as ReportKind);
          setSubject(null);
        }}
      />
      {label !== undefined && (
        <SubjectField key={kind} kind={kind} label={label} value={subject} onChange={setSubject} />
      )}
      <p className="dim">
        It is made of what is known at this moment and kept as it is; a later one does not change it.
      </p>
    </ReasonDialog>
  );
}

interface FieldProps {
  label: string;
  value: string | null;
  onChange: (next: string | null) => void;
}

function SubjectField({ kind, ...field }: FieldProps & { kind: ReportKind }) {
  if (kind === 'device-file') return <DeviceField {...field} />;
  if (kind === 'product-file') return <ProductField {...field} />;
  return kind === 'incident' ? <IncidentField {...field} /> : <SupplierField {...field} />;
}

function DeviceField(field: FieldProps) {
  const [words, setWords] = useState('');
  const { data } = useQuery(queries.assetsFound(words));
  const items = (data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Select
      {...field}
      required
      searchable
      data={items}
      filter={({ options }) => options}
      onSearchChange={setWords}
      placeholder="Search by name, address or model"
    />
  );
}

function IncidentField(field: FieldProps) {
  const { data } = useQuery(queries.incidents());
  const items = (data?.items ?? []).map(({ number, title }) => ({
    value: String(number),
    label: `${number} ${title}`,
  }));
  return <Select {...field} required searchable data={items} />;
}

function SupplierField(field: FieldProps) {
  const { data } = useQuery(queries.suppliers());
  const items = (data?.items ?? []).map(({ id, details }) => ({ value: id, label: details.name }));
  return <Select {...field} required searchable data={items} />;
}

function ProductField(field: FieldProps) {
  const { data } = useQuery(queries.products());
  const items = (data?.items ?? []).map(({ id, details: { vendor, model } }) => ({
    value: id,
    label: `${vendor} ${model}`,
  }));
  return <Select {...field} required searchable data={items} />;
}
