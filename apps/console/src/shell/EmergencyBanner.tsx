import { IconShieldBolt } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { emergencyCodes } from '@wardline/model';
import type { EmergencyStatus } from '../api/authority.ts';
import { queries } from '../api/queries.ts';
import { plain, scopeWords } from '../format/words.ts';
import { When } from '../marks/When.tsx';
import { AppLink } from './AppLink.tsx';

/** Whoever looks at the console sees that emergency access runs, and whose. */
export function EmergencyBanner() {
  const { data } = useQuery(queries.emergency());
  if (!data || data.running.length === 0) return null;
  return (
    <section className="emergency-banner" role="alert" aria-label="Emergency access">
      <IconShieldBolt size={22} aria-hidden />
      <ul className="plain-list">
        {data.running.map((one) => (
          <Running key={one.id} one={one} channels={data.channels} />
        ))}
      </ul>
      <AppLink href="/break-glass">Look at it</AppLink>
    </section>
  );
}

type Running = EmergencyStatus['running'][number];

function Running({ one, channels }: { one: Running; channels: EmergencyStatus['channels'] }) {
  return (
    <li>
      <strong>Emergency access:</strong> {one.name} is {plain(one.role)} {scopeWords(one)} until{' '}
      <When at={one.until} /> ({emergencyCodes[one.code].label.toLowerCase()}).{' '}
      <Told one={one} channels={channels} />
    </li>
  );
}

/** Whether somebody on duty knows; silence is said as well. */
export function Told({
  one,
  channels,
}: {
  one: Pick<Running, 'notices'>;
  channels: EmergencyStatus['channels'];
}) {
  const failed = one.notices.filter(({ state }) => state === 'failed');
  if (failed.length > 0)
    return (
      <strong>
        The duty contact could not be told by {failed.map(({ channel }) => channel).join(', ')}: call them.
      </strong>
    );
  if (one.notices.length > 0) return 'The duty contact was told.';
  if (channels.length > 0) return 'The duty contact is being told.';
  return 'No duty contact is configured: tell them yourself.';
}

const SOON_MILLISECONDS = 5 * 60_000;

/** Who holds a role for a time is told until when, and reminded before it is over. */
export function OwnTimeBanner() {
  const { data } = useQuery(queries.session());
  const timed = (data?.grants ?? []).filter(({ origin, until }) => origin === 'elevation' && until !== null);
  if (timed.length === 0) return null;
  return (
    <div className="own-time" role="status">
      {timed.map(({ role, sites, zones, until }) => (
        <span key={`${role}${until}`}>
          You are {plain(role)} {scopeWords({ sites, zones })} until <When at={until!} />
          {Date.parse(until!) - Date.now() < SOON_MILLISECONDS && <strong> (within five minutes)</strong>}.
        </span>
      ))}
      <AppLink href="/access?view=mine">Give it back early</AppLink>
    </div>
  );
}
