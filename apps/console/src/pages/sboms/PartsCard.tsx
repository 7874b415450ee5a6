import { Button, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { queries } from '../../api/queries.ts';
import { count } from '../../format/number.ts';
import { AppLink } from '../../shell/AppLink.tsx';
import { Failure, Loading } from '../../shell/states.tsx';

/** All parts of a product, with the way to where else each is. */
export function PartsCard({ sbom }: { sbom: string }) {
  const [words, setWords] = useState('');
  const q = useDeferredValue(words.trim());
  const query = useInfiniteQuery(queries.sbomParts(sbom, q === '' ? {} : { q }));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const total = query.data?.pages[0]?.total ?? 0;
  return (
    <section className="card" aria-labelledby="parts">
      <div className="spread">
        <h2 id="parts">What is inside</h2>
        <TextInput
          aria-label="Search its parts"
          placeholder="Search its parts"
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
      </div>
      {query.error && !query.data && (
        <Failure error={query.error} retry={() => void query.refetch()} what="The parts" />
      )}
      {query.isPending && <Loading label="parts" rows={6} />}
      {query.data && (
        <p className="dim">
          {count(total)} parts{q === '' ? '' : ' with these words'}
        </p>
      )}
      {rows.length > 0 && (
        <div className="scroll-x">
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Component</th>
                <th scope="col">Version</th>
                <th scope="col">Kind</th>
                <th scope="col">Supplier</th>
                <th scope="col">Licences</th>
                <th scope="col">Package or CPE</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.number}>
                  <td>
                    <AppLink href={`/components?q=${encodeURIComponent(row.name)}&row=${row.component}`}>
                      {row.name}
                    </AppLink>
                  </td>
                  <td>{row.version ?? <span className="dim">not told</span>}</td>
                  <td>{row.type}</td>
                  <td>{row.supplier ?? ''}</td>
                  <td>{row.licenses.join(', ')}</td>
                  <td className="mono small">{row.purl ?? row.cpes[0] ?? ''}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {query.hasNextPage && (
        <Button variant="default" size="xs" onClick={() => void query.fetchNextPage()}>
          More of {count(total)}
        </Button>
      )}
    </section>
  );
}
