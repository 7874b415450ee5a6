import { Button, CopyButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import { count } from '../../format/number.ts';
import { When } from '../../marks/When.tsx';
import { CollectorLine } from './CollectorLine.tsx';
import { ExportMenu } from './ExportMenu.tsx';
import '../../marks/marks.css';
import './ledger.css';

/** The signed head: how far the ledger is signed, who outside has seen it, and how to take it away. */
export function HeadCard() {
  const head = useQuery(queries.ledgerHead());
  if (head.error)
    return (
      <section className="card ledger-broken" role="alert">
        <h2>The ledger is not what it was</h2>
        <p>{head.error.message}. Nothing more is signed until a person has looked into it.</p>
      </section>
    );
  if (!head.data) return <section className="card ledger-head" aria-busy="true" aria-label="Signed head" />;
  const { size, signedAt, key, witnesses } = head.data;
  return (
    <section className="card ledger-head" aria-label="Signed head">
      <div>
        <h2>
          {count(size)} acts signed <When at={signedAt} />
        </h2>
        {witnesses.length === 0 ? (
          <p className="dim small">
            <span className="mark mark-unknown">no witness</span> Nobody outside has seen this ledger: whoever
            holds its key could sign another history. Let an auditor run <code>wardline ledger witness</code>.
          </p>
        ) : (
          <ul className="plain-list small">
            {witnesses.map((witness) => (
              <li key={witness.name}>
                <strong>{witness.name}</strong>{' '}
                {witness.seenAt === null ? (
                  <span className="dim">has seen nothing yet</span>
                ) : (
                  <>
                    saw {count(witness.size ?? 0)} acts <When at={witness.seenAt} />
                  </>
                )}
                {witness.trouble !== null && (
                  <p className="ledger-broken" role="alert">
                    {witness.name} does not sign: {witness.trouble}.
                  </p>
                )}
              </li>
            ))}
          </ul>
        )}
        <CollectorLine />
      </div>
      <div className="ledger-take">
        <CopyButton value={key}>
          {({ copied, copy }) => (
            <Button variant="default" size="xs" onClick={copy}>
              {copied ? 'Copied' : 'Copy public key'}
            </Button>
          )}
        </CopyButton>
        <ExportMenu />
      </div>
    </section>
  );
}
