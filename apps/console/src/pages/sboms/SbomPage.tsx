import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { queries } from '../../api/queries.ts';
import type { SbomRow } from '../../api/sboms.ts';
import { count } from '../../format/number.ts';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { Differences } from './Differences.tsx';
import { FindingsOfParts } from './FindingsOfParts.tsx';
import { PartsCard } from './PartsCard.tsx';

/** What is inside a product, what is weak in it, and what became of it since another version. */
export function SbomPage() {
  const { id = '' }: { id?: string } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(queries.sbom(id));
  if (error && !data)
    return <Failure error={error} retry={() => void refetch()} what="This bill of materials" />;
  if (!data) return <Loading label="the bill of materials" rows={12} />;
  return (
    <div className="page">
      <Header row={data} />
      <div className="stack">
        <FindingsOfParts sbom={data.id} />
        <Differences row={data} />
        <PartsCard sbom={data.id} />
      </div>
    </div>
  );
}

function Header({ row }: { row: SbomRow }) {
  return (
    <header>
      <p className="dim small">
        <AppLink href="/sboms">Bills of materials</AppLink>
      </p>
      <div className="spread">
        <h1>{[row.vendor, row.model, row.software].filter(Boolean).join(' ')}</h1>
        <div className="row">
          <a href={`/api/v1/sboms/${row.id}/document`}>Download as it came</a>
          <a href={`/api/v1/sboms/${row.id}/document?as=cyclonedx`}>As CycloneDX 1.6</a>
        </div>
      </div>
      <p>
        {count(row.components)} components by {row.format} {row.specVersion}
        {row.author === null ? '' : `, written by ${row.author}`}
        {row.created !== null && (
          <>
            , created <When at={row.created} />
          </>
        )}
        , added <When at={row.addedAt} />. {row.software === '' && 'It is of every version. '}
        {row.replacedAt !== null && (
          <strong>
            A later one has taken its place since <When at={row.replacedAt} />.
          </strong>
        )}
      </p>
    </header>
  );
}
