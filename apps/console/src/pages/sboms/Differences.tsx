import { Select } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import type { SbomDifferencesAnswer, SbomRow } from '../../api/sboms.ts';
import { showTime } from '../../format/time.ts';
import { useAddress } from '../../shell/address.ts';
import { Failure, Loading } from '../../shell/states.tsx';

/** What is else since another version of the product, or since an earlier document of this one. */
export function Differences({ row }: { row: SbomRow }) {
  const { values, change } = useAddress();
  const others = useInfiniteQuery(
    queries.sboms({ model: row.model, current: 'no', sort: 'addedAt', order: 'desc' }),
  );
  const choices = (others.data?.pages.flatMap((page) => page.items) ?? [])
    .filter((one) => one.id !== row.id)
    .map((one) => ({
      value: one.id,
      label: `${one.software || 'every version'}, added ${showTime(one.addedAt)}`,
    }));
  const since = values.since;
  return (
    <section className="card" aria-labelledby="differences">
      <div className="spread">
        <h2 id="differences">What changed</h2>
        <Select
          aria-label="Compared with"
          placeholder={choices.length === 0 ? 'No other version yet' : 'Compare with…'}
          disabled={choices.length === 0}
          data={choices}
          value={since ?? null}
          clearable
          onChange={(next) => change({ since: next ?? undefined })}
        />
      </div>
      {since === undefined ? (
        <p className="dim">Choose another version to see what was added, removed and changed since.</p>
      ) : (
        <Since before={since} after={row.id} />
      )}
    </section>
  );
}

function Since({ before, after }: { before: string; after: string }) {
  const { data, error, refetch } = useQuery(queries.sbomDifferences(before, after));
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="The differences" />;
  if (!data) return <Loading label="the differences" rows={3} />;
  return <DifferenceTable answer={data} />;
}

const SHOWN = 500;

function DifferenceTable({
  answer: { added, removed, changed, unchanged },
}: {
  answer: SbomDifferencesAnswer;
}) {
  const lines = [
    ...removed.map((one) => ({
      what: 'Removed',
      name: one.name,
      before: one.version,
      after: null,
      more: '',
    })),
    ...added.map((one) => ({ what: 'Added', name: one.name, before: null, after: one.version, more: '' })),
    ...changed.map(({ before, after, what }) => ({
      what: 'Changed',
      name: after.name,
      before: before.version,
      after: after.version,
      more: what.filter((one) => one !== 'version').join(', '),
    })),
  ];
  return (
    <>
      <p>
        {added.length} added, {removed.length} removed, {changed.length} changed, {unchanged} as before.
      </p>
      {lines.length > 0 && (
        <div className="scroll-x">
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">Component</th>
                <th scope="col">Before</th>
                <th scope="col">Now</th>
                <th scope="col">Also changed</th>
              </tr>
            </thead>
            <tbody>
              {lines.slice(0, SHOWN).map((line, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines never move
                <tr key={index}>
                  <td>{line.what}</td>
                  <td>{line.name}</td>
                  <td>{line.before ?? '–'}</td>
                  <td>{line.after ?? '–'}</td>
                  <td>{line.more}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {lines.length > SHOWN && (
        <p className="dim">And {lines.length - SHOWN} more; `wardline sbom diff` lists all.</p>
      )}
    </>
  );
}
