import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Mds2Detail } from '@wardline/model';
import { queries } from '../../api/queries.ts';
import { Unknown } from '../../marks/marks.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { Failure, Loading } from '../../shell/states.tsx';

/** One maker's form: where what was seen contradicts it, each answer with its cell, and what was read with a doubt. */
export function FormPage() {
  const { id = '' }: { id?: string } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(queries.form(id));
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="This form" />;
  if (!data) return <Loading label="the form" rows={12} />;
  const { form } = data;
  return (
    <div className="stack">
      <header className="stack-tight">
        <nav aria-label="Where you are" className="small">
          <AppLink href="/suppliers">Suppliers</AppLink>
        </nav>
        <h1>
          {form.vendor} {form.model}
        </h1>
        <p>
          MDS2 of {form.edition}
          {form.released === null ? '' : `, released ${form.released}`}, from {form.name}. {form.answered}{' '}
          clear answers, {form.open} open.{' '}
          {form.assets === 0 ? 'No such device was seen yet.' : `${form.assets} such devices are here.`}
        </p>
      </header>
      <Contradictions detail={data} />
      <Answers detail={data} />
      {data.warnings.length > 0 && (
        <section className="card stack-tight" aria-labelledby="doubts">
          <h2 id="doubts">Read with a doubt</h2>
          <ul>
            {data.warnings.map(({ place, message }) => (
              <li key={`${place} ${message}`}>
                <span className="mono">{place}</span>: {message}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function Contradictions({ detail: { contradictions, form } }: { detail: Mds2Detail }) {
  return (
    <section className="card stack-tight" aria-labelledby="contradictions">
      <h2 id="contradictions">Stated, and seen otherwise</h2>
      {contradictions.length === 0 ? (
        <p className="dim">
          {form.assets === 0
            ? 'There is nothing to hold it against yet.'
            : 'Nothing that was seen contradicts it. That shows no more than that it was not seen.'}
        </p>
      ) : (
        <ul className="stack-tight">
          {contradictions.map(({ finding, asset, assetName, summary }) => (
            <li key={finding}>
              <AppLink href={`/assets/${asset}`}>{assetName}</AppLink>: {summary}{' '}
              <AppLink href={`/findings?rule=statement-contradicted&row=${finding}`}>Evidence</AppLink>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const words: Partial<Record<Mds2Detail['answers'][number]['value'], string>> = {
  yes: 'Yes',
  no: 'No',
  'not-applicable': 'Does not apply',
  'see-note': 'See note',
};

function Answers({ detail: { answers, missing } }: { detail: Mds2Detail }) {
  const { values, change } = useAddress();
  const section = values.section ?? '';
  const sections = [...new Set(answers.map((one) => one.section))];
  const shown = answers.filter((one) => section === '' || one.section === section);
  return (
    <section className="card stack" aria-labelledby="answers">
      <div className="spread">
        <h2 id="answers">Answers</h2>
        <label className="row">
          Section{' '}
          <select
            value={section}
            onChange={(event) => change({ section: event.currentTarget.value || undefined })}
          >
            <option value="">all</option>
            {sections.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
      </div>
      <div className="scroll-x">
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Question</th>
              <th scope="col">About</th>
              <th scope="col">Answer</th>
              <th scope="col">Note</th>
              <th scope="col">Where it stands</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ id, about, value, text, note, place }) => (
              <tr key={id}>
                <th scope="row">{id}</th>
                <td>{about}</td>
                <td>{value === 'blank' || value === 'unclear' ? <Unknown /> : (words[value] ?? text)}</td>
                <td>{note ?? (value === 'unclear' ? text : '')}</td>
                <td className="mono small">{place}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {missing.length > 0 && <p className="dim small">Not in the file: {missing.join(' ')}</p>}
    </section>
  );
}
