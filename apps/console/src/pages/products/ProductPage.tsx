import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ProductFile } from '@wardline/model';
import { useState } from 'react';
import { post } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { Checklist } from './Checklist.tsx';
import { Handling, Parts, ThreatModel } from './Held.tsx';
import { PatchPlan } from './PatchPlan.tsx';
import { ProductDialog } from './ProductDialog.tsx';

/** The security file of one product. */
export function ProductPage() {
  const { id = '' }: { id?: string } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(queries.product(id));
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="The product" />;
  if (!data) return <Loading label="the product" rows={12} />;
  return (
    <div className="stack">
      <Head of={data} />
      <Checklist of={data} />
      <PatchPlan of={data} />
      <ThreatModel of={data} />
      <Parts of={data} />
      <Handling of={data} />
    </div>
  );
}

function Head({ of }: { of: ProductFile }) {
  const { details, counts, timeliness } = of;
  const may = useMay();
  const [dialog, setDialog] = useState<'change' | 'report' | null>(null);
  const close = () => setDialog(null);
  return (
    <header className="stack-tight">
      <nav aria-label="Where you are" className="small">
        <AppLink href="/products">Product security files</AppLink>
      </nav>
      <div className="spread">
        <h1>
          {details.vendor} {details.model}
        </h1>
        <div className="row">
          {may('product.change') && (
            <Button variant="default" onClick={() => setDialog('change')}>
              Change…
            </Button>
          )}
          {may('report.make') && <Button onClick={() => setDialog('report')}>Make the report…</Button>}
        </div>
      </div>
      <p>
        Of {counts.met + counts['not-met'] + counts.unknown} lines, {counts.met} are met, {counts['not-met']}{' '}
        are not met, and of {counts.unknown} nobody can tell yet. {sentence(timeliness)}
      </p>
      <p className="dim">
        {of.classLabel}. {details.purpose === '' ? '' : `${details.purpose.replace(/\.$/, '')}. `}As of{' '}
        <When at={of.asOf} />.
      </p>
      {dialog === 'change' && <ProductDialog product={of} onClose={close} />}
      {dialog === 'report' && (
        <ReasonDialog
          opened
          onClose={close}
          title="Make the product security file"
          confirm="Make it"
          done="It is made, and stands under Reports."
          act={(reason) => post('/reports', { kind: 'product-file', subject: of.id, reason })}
        >
          <p>
            What stands on this page is kept as it is now, as one page for screen and paper, and its SHA-256
            goes into the ledger.
          </p>
        </ReasonDialog>
      )}
    </header>
  );
}

function sentence({ known, overdue, medianDays, devices, onNewest }: ProductFile['timeliness']): string {
  const count = known === 0 ? 'No weakness is' : known === 1 ? 'One weakness is' : `${known} weaknesses are`;
  const weaknesses = `${count} known${overdue > 0 ? `, ${overdue} overdue` : ''}.`;
  const time = medianDays === null ? '' : ` A fix takes ${medianDays} days in the median.`;
  const field =
    devices === 0 ? '' : ` ${onNewest} of ${devices} devices that are seen here run the newest release.`;
  return `${weaknesses}${time}${field}`;
}
