import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { attributeWords } from '@wardline/model';
import { useState } from 'react';
import { acts } from '../../api/acts.ts';
import { queries } from '../../api/queries.ts';
import type { AssetDetail, Evidence } from '../../api/types.ts';
import { counted } from '../../format/number.ts';

import { ConfidenceMark, ProtectionMark, Unknown } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { EvidenceList } from '../../panel/Evidence.tsx';
import { SidePanel } from '../../panel/SidePanel.tsx';
import { useAddress } from '../../shell/address.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { FindingPanel } from '../findings/FindingPanel.tsx';
import { ClaimBox } from './ClaimBox.tsx';
import { type ObservedAttribute, Value } from './IdentityCard.tsx';
import { isIdentifier, NamesPanel } from './NamesCard.tsx';
import { serviceKey, serviceName } from './ServicesCard.tsx';

/** The evidence that the address asks for (`panel=attribute:class`, `service:tcp/104`, `finding:ID`). */
export function AssetPanel({ detail }: { detail: AssetDetail }) {
  const { values, change } = useAddress();
  const [, kind, key = ''] = /^(\w+):(.*)$/.exec(values.panel ?? '') ?? [];
  const onClose = () => change({ panel: undefined });
  if (kind === 'attribute' && key in detail.observed) {
    return <AttributePanel detail={detail} attribute={key as ObservedAttribute} onClose={onClose} />;
  }
  if (kind === 'identifier' && isIdentifier(key)) {
    return <NamesPanel detail={detail} identifier={key} onClose={onClose} />;
  }
  if (kind === 'service') return <ServicePanel detail={detail} id={key} onClose={onClose} />;
  if (kind === 'finding') return <AssetFindingPanel asset={detail.asset.id} id={key} onClose={onClose} />;
  return null;
}

function AssetFindingPanel({ asset, id, onClose }: { asset: string; id: string; onClose: () => void }) {
  const { data } = useInfiniteQuery(queries.findings({ asset, sort: 'severity', order: 'asc' }));
  const finding = data?.pages.flatMap((page) => page.items).find((row) => row.id === id);
  return finding ? <FindingPanel finding={finding} onClose={onClose} /> : null;
}

function AttributePanel(props: { detail: AssetDetail; attribute: ObservedAttribute; onClose: () => void }) {
  const { detail, attribute } = props;
  const conclusion = detail.observed[attribute];
  const claims = detail.claims.filter((claim) => claim.attribute === attribute);
  return (
    <SidePanel
      subject={`${detail.asset.id}:${attribute}`}
      onClose={props.onClose}
      title={
        <>
          {attributeWords[attribute]}: <Value attribute={attribute} value={conclusion.value} />
        </>
      }
    >
      <section className="stack-tight">
        {conclusion.value !== null && <ConfidenceMark value={conclusion.confidence} />}
        <p>{conclusion.reason}</p>
      </section>
      <Approvals detail={detail} attribute={attribute} />
      <Conflicting detail={detail} attribute={attribute} />
      <section className="stack-tight">
        <h3>{claims.length === 0 ? 'Claims' : counted(claims.length, 'claim')}</h3>
        {claims.length === 0 && <p className="dim">Nothing that was seen says anything of it.</p>}
        {claims.map((claim) => (
          <ClaimBox
            key={claim.source + claim.value + claim.group}
            claim={claim}
            agrees={claim.value === conclusion.value}
          >
            <Value attribute={attribute} value={claim.value} />
          </ClaimBox>
        ))}
      </section>
    </SidePanel>
  );
}

function Approvals({ detail, attribute }: { detail: AssetDetail; attribute: ObservedAttribute }) {
  const [withdrawing, setWithdrawing] = useState(false);
  const approved = detail.approved.find((entry) => entry.attribute === attribute);
  if (!approved) return null;
  return (
    <section className="stack-tight">
      <h3>A person’s word</h3>
      <p>
        {approved.actor} approved <Value attribute={attribute} value={approved.value} /> on{' '}
        <When at={approved.at} />: “{approved.reason}”
      </p>
      <Button
        size="compact-sm"
        variant="default"
        style={{ alignSelf: 'flex-start' }}
        onClick={() => setWithdrawing(true)}
      >
        Withdraw…
      </Button>
      <ReasonDialog
        opened={withdrawing}
        onClose={() => setWithdrawing(false)}
        title={`Withdraw the approved ${attributeWords[attribute].toLowerCase()}`}
        confirm="Withdraw"
        done="Withdrawn."
        act={(reason) => acts.withdraw(detail.asset.id, attribute, reason)}
      >
        <p className="dim">What is observed counts again. Approve the value anew to undo this.</p>
      </ReasonDialog>
    </section>
  );
}

function Conflicting({ detail, attribute }: { detail: AssetDetail; attribute: ObservedAttribute }) {
  const { conflicts } = detail.observed[attribute];
  if (conflicts.length === 0) return null;
  return (
    <section className="stack-tight">
      <h3>Other answers with support</h3>
      {conflicts.map((conflict) => (
        <div key={conflict.value} className="claim claim-other">
          <div className="spread">
            <strong>
              <Value attribute={attribute} value={conflict.value} />
            </strong>
            <ConfidenceMark value={conflict.confidence} />
          </div>
          <p>{conflict.reason}</p>
        </div>
      ))}
    </section>
  );
}

function ServicePanel({ detail, id, onClose }: { detail: AssetDetail; id: string; onClose: () => void }) {
  const service = detail.services.find((entry) => serviceKey(entry) === id);
  if (!service) return null;
  return (
    <SidePanel subject={id} title={serviceName(service)} onClose={onClose}>
      <dl className="pairs">
        <dt>Application</dt>
        <dd>{service.application ?? <Unknown word="Not recognised" />}</dd>
        <dt>Protection</dt>
        <dd>
          <ProtectionMark value={service.protection} />
        </dd>
        <dt>Clients</dt>
        <dd>{service.clients}</dd>
        <dt>Banner</dt>
        <dd className="mono">{service.banner ?? 'none'}</dd>
        <ScanPairs service={service} />
        <dt>First answered</dt>
        <dd>
          <When at={service.firstSeen} />
        </dd>
        <dt>Last answered</dt>
        <dd>
          <When at={service.lastSeen} />
        </dd>
      </dl>
      <section>
        <h3>Evidence</h3>
        <EvidenceList evidence={evidenceOf(service)} />
      </section>
    </SidePanel>
  );
}

/** A service that only a scan knows has no other evidence. */
function evidenceOf({ evidence, scan, clients }: AssetDetail['services'][number]): Evidence[] {
  return scan === undefined || clients === 0 ? [evidence] : [evidence, scan.evidence];
}

function ScanPairs({ service: { scan } }: { service: AssetDetail['services'][number] }) {
  if (scan === undefined) return null;
  const said = [scan.name, scan.software].filter(Boolean).join(', ') || 'open';
  return (
    <>
      <dt>Scan</dt>
      <dd>
        {scan.scanner}, <When at={scan.lastSeen} />: {said}
        {scan.basis === 'port' && ' (a guess from the number of its port)'}
        {scan.contradicted && '. Something else answered there on the wire, which counts before it.'}
      </dd>
    </>
  );
}
