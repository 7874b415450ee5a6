import { Button, SegmentedControl } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { emergencyCodes } from '@wardline/model';
import { useState } from 'react';
import { type Emergency, type EmergencyStatus, emergencies } from '../../api/authority.ts';
import { queries } from '../../api/queries.ts';
import { plain, scopeWords } from '../../format/words.ts';
import { When } from '../../marks/When.tsx';
import { Told } from '../../shell/EmergencyBanner.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure, Loading } from '../../shell/states.tsx';

/** Every use, and what a look at it afterwards found. An open review is work to do. */
export function UsesCard({ channels }: { channels: EmergencyStatus['channels'] }) {
  const list = useInfiniteQuery(queries.emergencies({}));
  const [reviewing, setReviewing] = useState<Emergency | null>(null);
  if (list.error) return <Failure error={list.error} retry={() => void list.refetch()} what="The uses" />;
  if (!list.data) return <Loading label="uses of emergency access" rows={3} />;
  const items = list.data.pages.flatMap((page) => page.items);
  return (
    <section className="card stack">
      <h2>Uses and their reviews</h2>
      {items.length === 0 ? (
        <p className="dim">Nobody has used emergency access yet.</p>
      ) : (
        <table className="people-table">
          <thead>
            <tr>
              <th scope="col">Who</th>
              <th scope="col">Role</th>
              <th scope="col">Why</th>
              <th scope="col">When</th>
              <th scope="col">Review</th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <Use key={item.id} item={item} channels={channels} onReview={setReviewing} />
            ))}
          </tbody>
        </table>
      )}
      {list.hasNextPage && (
        <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show more
        </Button>
      )}
      {reviewing && <ReviewDialog item={reviewing} onClose={() => setReviewing(null)} />}
    </section>
  );
}

interface UseProps {
  item: Emergency;
  channels: EmergencyStatus['channels'];
  onReview: (item: Emergency) => void;
}

function Use({ item, channels, onReview }: UseProps) {
  return (
    <tr>
      <td>
        <strong>{item.name}</strong>
        <div className="small dim">by {item.by}</div>
      </td>
      <td>
        {plain(item.role)}
        <div className="small dim">{scopeWords(item)}</div>
      </td>
      <td>
        {emergencyCodes[item.code].label}
        <div className="small dim">{item.reason ?? 'The words were erased.'}</div>
      </td>
      <td>
        <When at={item.started} />
        <div className="small dim">
          {item.ended ? 'ended ' : 'until '}
          <When at={item.ended ?? item.until} />
        </div>
        <div className="small dim">
          <Told one={item} channels={channels} />
        </div>
      </td>
      <td>
        <Review item={item} onReview={onReview} />
      </td>
    </tr>
  );
}

function Review({ item, onReview }: Pick<UseProps, 'item' | 'onReview'>) {
  const may = useMay();
  const { data: session } = useQuery(queries.session());
  if (item.reviewed)
    return (
      <>
        {item.verdict === 'justified' ? 'Justified' : <strong>Not justified</strong>}
        <div className="small dim">
          {item.reviewedByName}: {item.review ?? 'the words were erased'}
        </div>
      </>
    );
  if (item.ended === null) return <span className="dim">once it is over</span>;
  if (!may('emergency.review') || session?.actor === item.person)
    return <span className="mark mark-unknown">open: for somebody else</span>;
  return (
    <Button size="xs" onClick={() => onReview(item)}>
      Review…
    </Button>
  );
}

function ReviewDialog({ item, onClose }: { item: Emergency; onClose: () => void }) {
  const [verdict, setVerdict] = useState('justified');
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`Review what ${item.name} did`}
      confirm="Close the review"
      done="The review is closed."
      act={(reason) => emergencies.review(item.id, verdict, reason)}
    >
      <p>
        {item.name} was {plain(item.role)} {scopeWords(item)} from <When at={item.started} /> to{' '}
        <When at={item.ended ?? item.until} />. Look into{' '}
        <a href={`/ledger?actor=${encodeURIComponent(item.person)}`} target="_blank" rel="noreferrer">
          what they did
        </a>{' '}
        in that time, and speak with them and the ward.
      </p>
      <SegmentedControl
        aria-label="Verdict"
        data={[
          { value: 'justified', label: 'Justified' },
          { value: 'not-justified', label: 'Not justified' },
        ]}
        value={verdict}
        onChange={setVerdict}
      />
    </ReasonDialog>
  );
}
