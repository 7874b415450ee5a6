import { Button, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { CatalogueList, CatalogueRow, ControlRow } from '@wardline/model';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { count } from '../../format/number.ts';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { useMay } from '../../shell/permissions.ts';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import { ControlPanel } from './ControlPanel.tsx';
import { RecordDialog } from './SayDialogs.tsx';
import { StatusMark } from './StatusMark.tsx';
import './controls.css';

const statusChoices = [
  { value: '', label: 'All' },
  { value: 'not-met', label: 'Not met' },
  { value: 'unknown', label: 'Unknown' },
  { value: 'met', label: 'Met' },
  { value: 'not-applicable', label: 'Not applicable' },
];

/** What can be proved today: every control of a catalogue with what is true of it, or was on a day. */
export function ControlsPage() {
  const { values, change } = useAddress();
  const { day } = values;
  const { data, error, refetch } = useQuery(queries.catalogues({ day }));
  const chosen = values.catalogue ?? 'hipaa-security';
  return (
    <div className="page stack">
      <div className="spread">
        <div>
          <h1>Controls</h1>
          <p className="dim">{data ? <Moment of={data} /> : ' '}</p>
        </div>
        <div className="row day-field">
          <TextInput
            type="date"
            label="As it was recorded on"
            value={day ?? ''}
            onChange={(event) => change({ day: event.currentTarget.value || undefined })}
          />
          {day === undefined && <RecordButton />}
        </div>
      </div>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The controls" />}
      {!data && !error && <Loading label="the controls" rows={12} />}
      {data && (
        <>
          <CatalogueCard
            catalogues={data.items}
            chosen={chosen}
            onChoose={(catalogue) => change({ catalogue, control: undefined })}
          />
          <ControlTable catalogue={chosen} day={day} />
        </>
      )}
      {values.control !== undefined && (
        <ControlPanel control={values.control} day={day} onClose={() => change({ control: undefined })} />
      )}
    </div>
  );
}

function RecordButton() {
  const may = useMay();
  const [opened, setOpened] = useState(false);
  if (!may('compliance.record')) return null;
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        Record now…
      </Button>
      {opened && <RecordDialog onClose={() => setOpened(false)} />}
    </>
  );
}

function Moment({ of: { asOf, record } }: { of: CatalogueList }) {
  return record === null ? (
    <>
      Worked out from what was seen and recorded until <When at={asOf} />. Unknown is never counted as met.
    </>
  ) : (
    <>
      As it was recorded on <When at={asOf} /> (record {record}).
    </>
  );
}

function CatalogueCard({
  catalogues,
  chosen,
  onChoose,
}: {
  catalogues: readonly CatalogueRow[];
  chosen: string;
  onChoose: (id: string) => void;
}) {
  const catalogue = catalogues.find(({ id }) => id === chosen);
  return (
    <section className="card stack-tight" aria-label="Catalogue">
      <Select
        label="Catalogue"
        data={catalogues.map(({ id, title, standing }) => ({ value: id, label: `${title} (${standing})` }))}
        value={chosen}
        allowDeselect={false}
        onChange={(id) => onChoose(id ?? chosen)}
      />
      {catalogue && (
        <>
          <p className="dim">
            {catalogue.edition}. {catalogue.publisher}.
          </p>
          <dl className="pairs">
            <dt>Not met</dt>
            <dd>{count(catalogue.counts['not-met'])}</dd>
            <dt>Unknown</dt>
            <dd>{count(catalogue.counts.unknown)}</dd>
            <dt>Met</dt>
            <dd>{count(catalogue.counts.met)}</dd>
            <dt>Not applicable</dt>
            <dd>{count(catalogue.counts['not-applicable'])}</dd>
            <dt>Answered by</dt>
            <dd>{kindsSentence(catalogue.kinds)}</dd>
          </dl>
        </>
      )}
    </section>
  );
}

const kindsSentence = ({ computed, waiting, attested, 'in part': part }: CatalogueRow['kinds']): string =>
  `evidence alone: ${computed}; evidence and a person’s word: ${part}; a person’s word: ${attested}; evidence that Wardline does not keep yet: ${waiting}.`;

function ControlTable({ catalogue, day }: { catalogue: string; day: string | undefined }) {
  const { values, change } = useAddress();
  const { status, q } = values;
  const { data, error, refetch } = useQuery(queries.controls({ catalogue, day, status, q }));
  return (
    <>
      <div className="row">
        <SegmentedControl
          aria-label="Status"
          data={statusChoices}
          value={status ?? ''}
          onChange={(value) => change({ status: value || undefined })}
        />
        <TextInput
          aria-label="Search controls"
          placeholder="Search by number or words"
          value={q ?? ''}
          onChange={(event) => change({ q: event.currentTarget.value || undefined }, { replace: true })}
        />
      </div>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The controls" />}
      {!data && !error && <Loading label="controls" rows={12} />}
      {data?.items.length === 0 && (
        <Empty
          title="No control is like that"
          action={<AppLink href={`/controls?catalogue=${catalogue}`}>Show all of the catalogue</AppLink>}
        >
          Nothing in this catalogue fits the words and the status.
        </Empty>
      )}
      {data && data.items.length > 0 && <Table rows={data.items} onOpen={(control) => change({ control })} />}
    </>
  );
}

function Table({ rows, onOpen }: { rows: readonly ControlRow[]; onOpen: (ref: string) => void }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls the table by keys
    <section className="card scroll-x" aria-label="Controls" tabIndex={0}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Control</th>
            <th scope="col">Status</th>
            <th scope="col">Why</th>
            <th scope="col">By</th>
            <th scope="col">Oldest evidence</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.ref} className={classOf(row)}>
              <td>
                <button type="button" className="link-button" onClick={() => onOpen(row.ref)}>
                  {row.id}
                </button>{' '}
                {row.title}
                {row.obligation === 'addressable' && <span className="dim"> · addressable</span>}
              </td>
              <td>
                <StatusMark value={row.status} />
              </td>
              <td>
                {row.contradicted
                  ? `A person vouches for it, and the evidence says otherwise. ${row.reason}`
                  : row.reason}
              </td>
              <td>{row.basis === 'none' ? '' : row.basis}</td>
              <td>{row.oldest === null ? '' : <When at={row.oldest} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function classOf({ isStandard, parent }: ControlRow): string | undefined {
  if (isStandard) return 'control-standard';
  return parent === null ? undefined : 'control-specification';
}
