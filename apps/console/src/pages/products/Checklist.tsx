import { Button } from '@mantine/core';
import type { ProductFile, ProductItem } from '@wardline/model';
import { useState } from 'react';
import { useMay } from '../../shell/permissions.ts';
import { StatusMark } from '../controls/StatusMark.tsx';
import { VouchDialog, WithdrawDialog } from './SayDialogs.tsx';
import { day } from './words.ts';

const basisWords = { computed: 'evidence', attested: 'a person’s word', none: '' } as const;

/** Section 524B and the premarket guidance, line by line. */
export function Checklist({ of: { id, checklist } }: { of: ProductFile }) {
  const [open, setOpen] = useState<{ item: ProductItem; act: 'vouch' | 'withdraw' } | null>(null);
  const close = () => setOpen(null);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls the table by keys
    <section className="card scroll-x" aria-labelledby="checklist" tabIndex={0}>
      <h2 id="checklist">Section 524B and the premarket guidance</h2>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Line</th>
            <th scope="col">Status</th>
            <th scope="col">Why</th>
            <th scope="col">By</th>
            <th scope="col">Say</th>
          </tr>
        </thead>
        <tbody>
          {checklist.map((item) => (
            <tr key={item.control}>
              <th scope="row">
                {item.control}
                <div className="small dim">{item.title}</div>
              </th>
              <td>
                <StatusMark value={item.status} />
              </td>
              <td>
                {item.reason}
                {item.contradicted && <div role="alert">A person vouches for it all the same.</div>}
                {item.word !== null && (
                  <div className="small dim">
                    {item.word.ownerName}, until {day(item.word.until)}
                  </div>
                )}
              </td>
              <td>{basisWords[item.basis]}</td>
              <td>
                <Say item={item} act={(act) => setOpen({ item, act })} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {open?.act === 'vouch' && <VouchDialog id={id} item={open.item} onClose={close} />}
      {open?.act === 'withdraw' && open.item.word !== null && (
        <WithdrawDialog id={id} word={open.item.word} onClose={close} />
      )}
    </section>
  );
}

function Say({ item, act }: { item: ProductItem; act: (act: 'vouch' | 'withdraw') => void }) {
  const may = useMay();
  if (item.word !== null)
    return may('product.take-back') ? (
      <Button
        size="compact-sm"
        variant="default"
        aria-label={`Take back: ${item.control}`}
        onClick={() => act('withdraw')}
      >
        Take back…
      </Button>
    ) : null;
  return item.asksPerson && may('product.vouch') ? (
    <Button
      size="compact-sm"
      variant="default"
      aria-label={`Vouch for ${item.control}`}
      onClick={() => act('vouch')}
    >
      Vouch…
    </Button>
  ) : null;
}
