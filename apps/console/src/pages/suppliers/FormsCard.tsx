import { Button, FileInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Mds2Row } from '@wardline/model';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { addForm } from '../../api/suppliers.ts';
import { count } from '../../format/number.ts';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure, Loading } from '../../shell/states.tsx';

/** What makers state of their products, one form for each. */
export function FormsCard() {
  const { data, error, refetch } = useQuery(queries.forms());
  const may = useMay();
  const [adding, setAdding] = useState(false);
  return (
    <section className="card stack" aria-labelledby="forms">
      <div className="spread">
        <h2 id="forms">What makers state of their products (MDS2)</h2>
        {may('mds2.add') && (
          <Button variant="default" onClick={() => setAdding(true)}>
            Add a form
          </Button>
        )}
      </div>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The forms" />}
      {!data && !error && <Loading label="forms" rows={3} />}
      {data?.items.length === 0 && (
        <p className="dim">
          No form is here. Ask vendors for it with the offer; what was seen of devices is held against it.
        </p>
      )}
      {data && data.items.length > 0 && <FormTable items={data.items} />}
      {adding && <AddFormDialog onClose={() => setAdding(false)} />}
    </section>
  );
}

function FormTable({ items }: { items: readonly Mds2Row[] }) {
  return (
    <div className="scroll-x">
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Product</th>
            <th scope="col">Edition</th>
            <th scope="col">Clear answers</th>
            <th scope="col">Open</th>
            <th scope="col">Doubts in reading</th>
            <th scope="col">Added</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ id, vendor, model, edition, answered, open, warnings, addedAt }) => (
            <tr key={id}>
              <th scope="row">
                <AppLink href={`/mds2/${id}`}>
                  {vendor} {model}
                </AppLink>
              </th>
              <td>{edition}</td>
              <td>{count(answered)}</td>
              <td>{count(open)}</td>
              <td>{count(warnings)}</td>
              <td>
                <When at={addedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function AddFormDialog({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title="Add a form"
      confirm="Add"
      done="The form is added."
      ready={file !== null}
      act={(reason) => addForm(file!, reason)}
    >
      <FileInput
        label="Form"
        description="MDS2 of 2019 or 2013: Excel (.xlsx), CSV or PDF"
        required
        value={file}
        onChange={setFile}
      />
      <p className="dim">It takes the place of an earlier form of the same product, which is kept.</p>
    </ReasonDialog>
  );
}
