import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { queries } from '../../api/queries.ts';
import type { AssetDetail } from '../../api/types.ts';
import { confidenceWord } from '../../format/words.ts';
import { CriticalityMark, RegisterMark, SensitivityMark } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { useMay } from '../../shell/permissions.ts';
import { Failure, Loading } from '../../shell/states.tsx';
import { BehaviourCard } from '../behaviour/BehaviourCard.tsx';
import { BootCard } from '../boots/BootCard.tsx';
import { AssetFirmwareCard } from '../firmware/AssetFirmwareCard.tsx';
import { ThreatsCard } from '../threats/ThreatsCard.tsx';
import { AddressesCard } from './AddressesCard.tsx';
import { AsOfControl, AsOfView } from './AsOfView.tsx';
import { AssetPanel } from './AssetPanel.tsx';
import { FindingsCard } from './FindingsCard.tsx';
import { HardeningCard } from './HardeningCard.tsx';
import { IdentityCard } from './IdentityCard.tsx';
import { LifecycleCard } from './LifecycleCard.tsx';
import { NamesCard } from './NamesCard.tsx';
import { PeersCard } from './PeersCard.tsx';
import { PhiCard } from './PhiCard.tsx';
import { RegisterCard } from './RegisterCard.tsx';
import { ServicesCard } from './ServicesCard.tsx';
import { TimelineCard } from './TimelineCard.tsx';
import { UsageCard } from './UsageCard.tsx';
import { VulnerabilitiesCard } from './VulnerabilitiesCard.tsx';
import './asset.css';

export function AssetPage() {
  const { id = '' }: { id?: string } = useParams({ strict: false });
  const { at } = useAddress().values;
  const { data, error, refetch } = useQuery(queries.asset(id));
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="This asset" />;
  if (!data) return <Loading label="the asset" rows={12} />;
  return (
    <div className="page">
      <Header detail={data} />
      {at === undefined ? <Today detail={data} /> : <AsOfView asset={id} at={at} />}
    </div>
  );
}

function Today({ detail: data }: { detail: AssetDetail }) {
  const { id } = data.asset;
  return (
    <>
      <div className="asset-columns">
        <div className="stack">
          <IdentityCard detail={data} />
          <NamesCard detail={data} />
          <FindingsCard asset={id} />
          <VulnerabilitiesCard asset={id} />
          <HardeningCard asset={id} />
          <Lifecycle asset={id} />
          <Usage asset={id} />
          <Behaviour asset={id} />
          <AssetFirmwareCard asset={id} />
          <BootCard asset={id} />
          <ThreatsCard asset={id} />
          <ServicesCard detail={data} />
          <PeersCard detail={data} />
          <PhiCard detail={data} />
        </div>
        <div className="stack">
          <AddressesCard detail={data} />
          <RegisterCard detail={data} />
          <TimelineCard asset={id} />
        </div>
      </div>
      <AssetPanel detail={data} />
    </>
  );
}

/** Who may not see it sees the page without it. */
function Lifecycle({ asset }: { asset: string }) {
  const may = useMay();
  return may('lifecycle.read') ? <LifecycleCard asset={asset} /> : null;
}

/** Who may not see it sees the page without it. */
function Usage({ asset }: { asset: string }) {
  const may = useMay();
  return may('usage.read') ? <UsageCard asset={asset} /> : null;
}

/** Who may not see it sees the page without it. */
function Behaviour({ asset }: { asset: string }) {
  const may = useMay();
  return may('watch.behaviour') ? <BehaviourCard asset={asset} /> : null;
}

function Header({ detail }: { detail: AssetDetail }) {
  const { asset } = detail;
  return (
    <header className="stack-tight">
      <nav aria-label="Where you are" className="small">
        <AppLink href="/assets">Assets</AppLink>
      </nav>
      <div className="row-wide">
        <h1>{asset.name}</h1>
        <CriticalityMark value={asset.criticality} />
        <SensitivityMark value={asset.dataSensitivity} />
        <RegisterMark value={asset.register} />
      </div>
      <p>{inWords(detail)}</p>
      <div className="spread">
        <p className="dim">
          First seen <When at={asset.firstSeen} />, last seen <When at={asset.lastSeen} />
        </p>
        <AsOfControl />
      </div>
    </header>
  );
}

/** What it is and how sure that is, in one sentence. */
export function inWords({ asset, observed }: AssetDetail): string {
  const product = [asset.vendor, asset.model].filter(Boolean).join(' ');
  const what = asset.classLabel?.toLowerCase();
  if (!what) {
    return product
      ? `A ${product} whose kind is not known yet.`
      : 'What this is, is not known yet: nothing it said tells.';
  }
  const sure = confidenceWord(observed.class.confidence);
  const by = product ? `, ${product}` : ', of unknown make';
  const where = asset.location ? ` in ${asset.location}` : '';
  return `${sure === 'a guess' ? 'Perhaps' : capital(sure)} ${article(what)} ${what}${by}${where}. ${firstSentence(observed.class.reason)}`;
}

/** The rest of the reason stands in the evidence panel. */
const firstSentence = (text: string) => /^.*?\.(?=\s|$)/.exec(text)?.[0] ?? text;
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const article = (noun: string) => (/^[aeiou]/.test(noun) ? 'an' : 'a');
