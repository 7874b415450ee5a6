import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Reminder, Supplier } from '@wardline/model';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { Unknown } from '../../marks/marks.tsx';
import { useMay } from '../../shell/permissions.ts';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import { FormsCard } from './FormsCard.tsx';
import { SupplierDialog } from './SupplierDialog.tsx';

/** What of suppliers runs out or is missing, the suppliers themselves, and what makers state of their products. */
export function SuppliersPage() {
  const { data, error, refetch } = useQuery(queries.suppliers());
  const may = useMay();
  const [editing, setEditing] = useState<Supplier | 'new' | null>(null);
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="The suppliers" />;
  if (!data) return <Loading label="suppliers" rows={6} />;
  return (
    <div className="stack">
      <div className="spread">
        <h1>Suppliers</h1>
        {may('supplier.add') && <Button onClick={() => setEditing('new')}>Add a supplier</Button>}
      </div>
      <Due reminders={data.reminders} />
      <section className="card stack" aria-labelledby="suppliers">
        <h2 id="suppliers">All suppliers</h2>
        {data.items.length === 0 ? (
          <Empty title="No supplier is known yet">
            Add whoever services, hosts or sells devices: what runs out there is told in time.
          </Empty>
        ) : (
          <SupplierTable items={data.items} edit={may('supplier.change') ? setEditing : null} />
        )}
      </section>
      {may('mds2.list') && <FormsCard />}
      {editing !== null && (
        <SupplierDialog supplier={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      )}
    </div>
  );
}

const states = { overdue: 'Overdue', missing: 'Missing', soon: 'Soon' } as const;

function Due({ reminders }: { reminders: readonly Reminder[] }) {
  return (
    <section className="card stack-tight" aria-labelledby="due">
      <h2 id="due">What to see to</h2>
      {reminders.length === 0 ? (
        <p className="dim">Nothing runs out within 90 days, and nothing is missing.</p>
      ) : (
        <ul className="stack-tight">
          {reminders.map(({ supplier, supplierName, state, text }) => (
            <li key={`${supplier} ${text}`}>
              <span className={`mark ${state === 'soon' ? '' : 'criticality-high'}`}>{states[state]}</span>{' '}
              <strong>{supplierName}</strong>: {text}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function SupplierTable({
  items,
  edit,
}: {
  items: readonly Supplier[];
  edit: ((one: Supplier) => void) | null;
}) {
  return (
    <div className="scroll-x">
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Supplier</th>
            <th scope="col">Data of patients</th>
            <th scope="col">Contacts</th>
            <th scope="col">Ways in</th>
            <th scope="col">Agreements</th>
            <th scope="col">Vulnerabilities are reported to</th>
            {edit && <th scope="col">Change</th>}
          </tr>
        </thead>
        <tbody>
          {items.map((supplier) => (
            <SupplierRow key={supplier.id} supplier={supplier} edit={edit} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SupplierRow({ supplier, edit }: { supplier: Supplier; edit: ((one: Supplier) => void) | null }) {
  const { details, disclosure } = supplier;
  return (
    <tr>
      <th scope="row">
        <strong>{details.name}</strong>
      </th>
      <td>{details.handlesPatientData === 'unknown' ? <Unknown /> : details.handlesPatientData}</td>
      <td>
        {details.contacts.map(({ name, phone, email }) => (
          <div key={name}>
            {name} <span className="dim">{[phone, email].filter(Boolean).join(', ')}</span>
          </div>
        ))}
      </td>
      <td>
        {details.channels.map(({ name, kind, containedBy }) => (
          <div key={name}>
            {name} <span className="dim">({kind.replaceAll('-', ' ')})</span>
            <div className="small dim">{containedBy === '' ? 'contained by nothing known' : containedBy}</div>
          </div>
        ))}
      </td>
      <td>
        {details.agreements.map(({ title, expires, responsibilities }) => (
          <details key={title}>
            <summary>
              {title}, {expires === null ? 'no end' : `until ${expires}`}
            </summary>
            <ul>
              {responsibilities.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          </details>
        ))}
      </td>
      <td>{disclosure === null ? <Unknown /> : disclosure.contacts.join(', ')}</td>
      {edit && (
        <td>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => edit(supplier)}
            aria-label={`Change ${details.name}`}
          >
            Change
          </Button>
        </td>
      )}
    </tr>
  );
}
