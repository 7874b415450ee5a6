import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Segmentation } from '@wardline/model';
import { useState } from 'react';
import { segmentationActs, segmentationQueries } from '../../api/segmentation.ts';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import { DraftsCard } from './DraftsCard.tsx';
import { MeaningView } from './MeaningView.tsx';
import { StagesView } from './StagesView.tsx';
import { VersionsCard } from './VersionsCard.tsx';
import { effectSentence } from './words.ts';
import './segmentation.css';

/** The policy in force, those that wait, and the drafts that people write at. */
export function SegmentationPage() {
  const { data, error, refetch } = useQuery(segmentationQueries.all());
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="The policies" />;
  if (!data) return <Loading label="the policies" rows={8} />;
  const isEmpty = data.versions.length === 0 && data.drafts.length === 0;
  return (
    <div className="stack">
      <div className="spread">
        <div>
          <h1>Segmentation</h1>
          <p className="dim">
            Who may speak to whom: proposed, tried on what was recorded, proved, approved by two.
          </p>
        </div>
        <Begin answer={data} />
      </div>
      {isEmpty ? (
        <Empty
          title="No policy yet"
          action={<AppLink href="/segmentation/proposals">See what the recorded traffic needs</AppLink>}
        >
          Proposals come from conversations that were seen. Nothing is approved, and nothing is cut, by
          looking at them.
        </Empty>
      ) : (
        <>
          <InForce answer={data} />
          <VersionsCard versions={data.versions} />
          <DraftsCard drafts={data.drafts} />
        </>
      )}
    </div>
  );
}

function InForce({ answer: { current, versions } }: { answer: Segmentation }) {
  const version = versions.find(({ number }) => number === current);
  const { data } = useQuery({
    ...segmentationQueries.version(String(current)),
    enabled: current !== null,
  });
  return (
    <section className="card stack" aria-labelledby="policy-in-force">
      <div>
        <h2 id="policy-in-force">In force</h2>
        {version === undefined ? (
          <p>No policy is in force: nothing is declared, and nothing is cut.</p>
        ) : (
          <p>
            <AppLink href={`/segmentation/versions/${version.number}`}>
              Version {version.number}, {version.name}
            </AppLink>
            , approved by {version.decidedByName}. {effectSentence(version.effect)}
          </p>
        )}
      </div>
      {data && <MeaningView text={data.text} />}
      {data && <StagesView text={data.text} />}
    </section>
  );
}

const emptyPolicy = (name: string) => `policy ${JSON.stringify(name)} version 1
undeclared observe
`;

function Begin({ answer: { current } }: { answer: Segmentation }) {
  const may = useMay();
  const { go } = useAddress();
  const [opened, setOpened] = useState(false);
  const { data } = useQuery({ ...segmentationQueries.version(String(current)), enabled: current !== null });
  const name = data?.name ?? 'Our hospital';
  const begin = async (reason: string) => {
    const { id } = await segmentationActs.begin(name, data?.text ?? emptyPolicy(name), current, reason);
    go(`/segmentation/drafts/${id}`);
  };
  return (
    <div className="row">
      {may('segmentation.proposals') && (
        <AppLink href="/segmentation/proposals">Proposals from traffic</AppLink>
      )}
      {may('segmentation.draft') && (
        <Button onClick={() => setOpened(true)}>{current === null ? 'New draft…' : 'Change it…'}</Button>
      )}
      <ReasonDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title="Begin a draft"
        confirm="Begin"
        done="A draft was begun."
        act={begin}
      >
        <p>
          {current === null
            ? 'It begins empty.'
            : `It begins as version ${current}, which stays in force until somebody else approves another.`}
        </p>
      </ReasonDialog>
    </div>
  );
}
