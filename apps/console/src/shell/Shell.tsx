import { ActionIcon, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconMenu2, IconMoon, IconShieldBolt, IconSun } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ApiProblem, quietFor } from '../api/client.ts';
import { followEvents } from '../api/events.ts';
import { queries } from '../api/queries.ts';
import { setSiteZone, siteZone } from '../format/time.ts';
import { When } from '../marks/When.tsx';
import { AppLink } from './AppLink.tsx';
import { hasDrafts, keepDraftsOf } from './drafts.ts';
import { EmergencyBanner, OwnTimeBanner } from './EmergencyBanner.tsx';
import { Navigation } from './Navigation.tsx';
import { SignIn } from './SignIn.tsx';
import './sign-in.css';
import { Failure } from './states.tsx';
import './shell.css';

export function Shell() {
  const session = useQuery(queries.session());
  if (session.isPending) return <div className="shell-wait" role="status" aria-label="Opening Wardline" />;
  if (session.error instanceof ApiProblem && [401, 403].includes(session.error.status)) return <SignedOut />;
  if (session.error) {
    return (
      <main className="shell-alone">
        <Failure error={session.error} retry={() => void session.refetch()} what="The console" />
      </main>
    );
  }
  if (session.data) keepDraftsOf(session.data.actor);
  return <Frame actor={session.data?.name ?? ''} canReturn={session.data?.canReturn ?? true} />;
}

/** What was told to whoever was here is forgotten before anybody else sits down. */
function SignedOut() {
  const client = useQueryClient();
  useEffect(() => client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' }), [client]);
  return <SignIn kept={hasDrafts()} />;
}

function Frame({ actor, canReturn }: { actor: string; canReturn: boolean }) {
  const [open, setOpen] = useState(false);
  const path = useLocation({ select: (location) => location.pathname });
  const client = useQueryClient();
  useEffect(() => followEvents(client), [client]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes whenever the page changes
  useEffect(() => setOpen(false), [path]);
  return (
    <div className="shell" data-menu={open}>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <header className="shell-header">
        <ActionIcon
          className="shell-burger"
          variant="subtle"
          size="lg"
          onClick={() => setOpen(!open)}
          aria-label="Menu"
          aria-expanded={open}
        >
          <IconMenu2 size={22} />
        </ActionIcon>
        <AppLink href="/" className="shell-brand">
          <img src="/wardline.svg" alt="" width={24} height={24} />
          Wardline
        </AppLink>
        <Place />
        <AppLink href="/break-glass" className="shell-break-glass">
          <IconShieldBolt size={18} stroke={1.75} aria-hidden />
          Emergency
        </AppLink>
        <SchemeButton />
        <AppLink href="/account" className="small shell-actor">
          {actor}
        </AppLink>
      </header>
      <Navigation />
      <main id="main" tabIndex={-1} className="shell-main">
        <EmergencyBanner />
        <OwnTimeBanner />
        {!canReturn && <ReturnBanner />}
        <QuietBanner />
        <Outlet />
      </main>
    </div>
  );
}

/** Whose network this is and how fresh the answer. */
function Place() {
  const { data } = useQuery(queries.overview());
  setSiteZone((data as { timeZone?: string } | undefined)?.timeZone);
  return (
    <div className="shell-place">
      {data && (
        <>
          <strong>{data.hospital}</strong>
          {data.sample && <span className="shell-sample">sample data</span>}
          <span className="dim small shell-asof">
            as of <When at={data.asOf} /> ({siteZone()})
          </span>
        </>
      )}
    </div>
  );
}

function SchemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const next = scheme === 'dark' ? 'light' : 'dark';
  return (
    <Tooltip label={`Use ${next} colours`}>
      <ActionIcon
        variant="subtle"
        size="lg"
        onClick={() => setColorScheme(next)}
        aria-label={`Use ${next} colours`}
      >
        {scheme === 'dark' ? <IconSun size={20} /> : <IconMoon size={20} />}
      </ActionIcon>
    </Tooltip>
  );
}

/** Who came by a link is reminded kindly, on every page, that the link was the last one. */
function ReturnBanner() {
  return (
    <aside className="return-banner" aria-label="Your way back in">
      <span>
        You came by a one-time link, which opens the console once. Make a key of your own to come back.
      </span>
      <AppLink href="/account">Make a passkey</AppLink>
    </aside>
  );
}

/** The server ends a session that nobody used for a quarter of an hour. */
const LOG_OFF_MILLISECONDS = 15 * 60_000;
const WARNING_MILLISECONDS = 60_000;
/** How often it is asked whether the session has ended, once it should have. */
const ASKING_MILLISECONDS = 5000;

/** A minute before a session ends for want of use it says so; any key or click keeps it. */
function QuietBanner() {
  const client = useQueryClient();
  const [left, setLeft] = useState<number | null>(null);
  useEffect(() => {
    let asked = Number.NEGATIVE_INFINITY;
    const timer = setInterval(() => {
      const rest = LOG_OFF_MILLISECONDS - quietFor();
      setLeft(rest < WARNING_MILLISECONDS ? Math.max(0, Math.ceil(rest / 1000)) : null);
      // A browser slows the timers of a window that nobody looks at: the moment itself may be missed.
      if (rest >= 0 || performance.now() - asked < ASKING_MILLISECONDS) return;
      asked = performance.now();
      void client.invalidateQueries({ queryKey: ['session'] });
    }, 1000);
    return () => clearInterval(timer);
  }, [client]);
  if (left === null) return null;
  return (
    <div className="return-banner" role="alert">
      Nobody has used this console for a while: it signs out in {left} s. Press any key to stay. What you
      typed is kept for you.
    </div>
  );
}
