import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import { acts } from '../../api/acts.ts';
import type { AssetDetail } from '../../api/types.ts';
import { counted } from '../../format/number.ts';
import { When } from '../../marks/When.tsx';
import { EvidenceList } from '../../panel/Evidence.tsx';
import { ReasonDialog } from '../../shell/reason.tsx';

type SeenEndpoint = AssetDetail['endpoints'][number];
type Endpoint = Pick<SeenEndpoint, 'mac' | 'ip' | 'vlan'>;

/** The key under which the API knows an endpoint. */
function endpointKey({ mac, ip, vlan }: Endpoint): string {
  return `${mac ?? '-'}|${ip ?? '-'}|${vlan ?? '-'}`;
}

function endpointName({ mac, ip, vlan }: Endpoint): string {
  return [ip, mac, vlan === null ? null : `VLAN ${vlan}`].filter(Boolean).join(' · ');
}

/** Every address, why they are taken for one device, and the way to say that they are not. */
export function AddressesCard({ detail }: { detail: AssetDetail }) {
  const [picked, setPicked] = useState<string[]>([]);
  const [asking, setAsking] = useState(false);
  const several = detail.endpoints.length > 1;
  const routed = detail.endpoints.filter((endpoint) => isRouted(detail, endpoint));
  const own = detail.endpoints.filter((endpoint) => !routed.includes(endpoint));
  const toggle = (key: string) =>
    setPicked((old) => (old.includes(key) ? old.filter((other) => other !== key) : [...old, key]));
  return (
    <section className="card stack-tight" aria-labelledby="addresses">
      <h2 id="addresses">Addresses</h2>
      {[own, routed].map((endpoints) => (
        <ul key={endpoints === own ? 'own' : 'routed'} className="plain-list stack-tight">
          {endpoints === routed && routed.length > 0 && <RoutedNote />}
          {endpoints.map((endpoint) => (
            <EndpointLine
              key={endpointKey(endpoint)}
              endpoint={endpoint}
              routed={endpoints === routed}
              picked={picked.includes(endpointKey(endpoint))}
              onPick={several ? () => toggle(endpointKey(endpoint)) : undefined}
            />
          ))}
        </ul>
      ))}
      {detail.asset.hostnames.length > 0 && <p>Host names: {detail.asset.hostnames.join(', ')}</p>}
      {several && (
        <Button
          variant="default"
          disabled={picked.length === 0 || picked.length === detail.endpoints.length}
          onClick={() => setAsking(true)}
        >
          Picked addresses are another device…
        </Button>
      )}
      <Joins detail={detail} />
      <Decisions detail={detail} />
      <SplitDialog
        detail={detail}
        picked={picked}
        opened={asking}
        onClose={() => setAsking(false)}
        onDone={() => setPicked([])}
      />
    </section>
  );
}

function EndpointText({ endpoint, routed }: { endpoint: Endpoint; routed: boolean }) {
  if (!routed) return <span className="mono">{endpointName(endpoint)}</span>;
  return (
    <>
      <span className="mono">{endpointName({ ...endpoint, mac: null })}</span>
      <span className="dim">
        {' '}
        by router card <span className="mono">{endpoint.mac}</span>
      </span>
    </>
  );
}

/** Behind a router a frame carries the router's card: only cards that are the asset's own are among its MACs. */
function isRouted({ asset }: AssetDetail, { mac, ip }: Endpoint): boolean {
  return ip !== null && mac !== null && !asset.macs.includes(mac);
}

function RoutedNote() {
  return (
    <li>
      <h3>Seen through a router</h3>
      <p className="dim small">
        Here frames from and to its address were carried by a router. The card named is the router’s, not this
        device’s.
      </p>
    </li>
  );
}

interface EndpointLineProps {
  endpoint: SeenEndpoint;
  routed: boolean;
  picked: boolean;
  onPick: (() => void) | undefined;
}

function EndpointLine({ endpoint, routed, picked, onPick }: EndpointLineProps) {
  const name = <EndpointText endpoint={endpoint} routed={routed} />;
  return (
    <li>
      {onPick ? <Checkbox size="sm" label={name} checked={picked} onChange={onPick} /> : name}
      <div className="dim small" style={onPick ? { paddingInlineStart: 32 } : undefined}>
        <When at={endpoint.firstSeen} /> to <When at={endpoint.lastSeen} />
      </div>
    </li>
  );
}

function Joins({ detail }: { detail: AssetDetail }) {
  if (detail.joins.length === 0) return null;
  return (
    <section className="stack-tight">
      <h3>Why these are one device</h3>
      {detail.joins.map((join) => (
        <div key={join.rule + join.endpoints.map(endpointKey).join()} className="claim">
          <div>
            <EndpointText endpoint={join.endpoints[0]} routed={isRouted(detail, join.endpoints[0])} /> and
            <br />
            <EndpointText endpoint={join.endpoints[1]} routed={isRouted(detail, join.endpoints[1])} />
          </div>
          <p>{join.reason}</p>
          <EvidenceList evidence={join.evidence} />
        </div>
      ))}
    </section>
  );
}

function SplitDialog(props: {
  detail: AssetDetail;
  picked: string[];
  opened: boolean;
  onClose: () => void;
  onDone: () => void;
}) {
  const { detail, picked } = props;
  const named = detail.endpoints.filter((endpoint) => picked.includes(endpointKey(endpoint)));
  return (
    <ReasonDialog
      opened={props.opened}
      onClose={props.onClose}
      title={`Split ${counted(picked.length, 'address', 'addresses')} from ${detail.asset.name}`}
      confirm="Split"
      done="Split. It can be undone under “Addresses”."
      act={async (reason) => {
        await acts.split(detail.asset.id, picked, reason);
        props.onDone();
      }}
    >
      <ul className="plain-list">
        {named.map((endpoint) => (
          <li key={endpointKey(endpoint)}>
            <EndpointText endpoint={endpoint} routed={isRouted(detail, endpoint)} />
          </li>
        ))}
      </ul>
      <p className="dim">
        These addresses become a device of their own, with what was seen of them. Nothing is sent to any
        device. Undo it here, under “Decisions”.
      </p>
    </ReasonDialog>
  );
}

function Decisions({ detail }: { detail: AssetDetail }) {
  const [undoing, setUndoing] = useState<string | null>(null);
  if (detail.decisions.length === 0) return null;
  return (
    <section className="stack-tight">
      <h3>Decisions</h3>
      {detail.decisions.map((decision) => (
        <div key={decision.id} className="claim">
          <p>
            {decision.actor}{' '}
            {decision.kind === 'merge'
              ? 'merged addresses into this device'
              : 'split addresses from this device'}{' '}
            on <When at={decision.at} />: “{decision.reason}”
          </p>
          {decision.undoneAt ? (
            <p className="dim">
              Undone on <When at={decision.undoneAt} />
            </p>
          ) : (
            <Button
              style={{ alignSelf: 'flex-start' }}
              size="compact-sm"
              variant="default"
              onClick={() => setUndoing(decision.id)}
            >
              Undo…
            </Button>
          )}
        </div>
      ))}
      <ReasonDialog
        opened={undoing !== null}
        onClose={() => setUndoing(null)}
        title="Undo this decision"
        confirm="Undo"
        done="Undone."
        act={(reason) => acts.undoDecision(undoing ?? '', reason)}
      >
        <p className="dim">
          Identity is worked out again without it. The decision and its undoing both stay in the ledger.
        </p>
      </ReasonDialog>
    </section>
  );
}
