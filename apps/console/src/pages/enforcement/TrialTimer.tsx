import { useEffect, useState } from 'react';
import { showSpan } from '../../format/time.ts';
import { When } from '../../marks/When.tsx';

/** How long the trial still goes; then the point itself brings back what ran before. */
export function TrialTimer({ until }: { until: string }) {
  const [now, setNow] = useState(() => new Date().toISOString());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date().toISOString()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span>
      <span className="mark drift-mark">
        On trial: {now < until ? `${showSpan(now, until)} left` : 'ending'}
      </span>
      <span className="dim small">
        {' '}
        until <When at={until} />
      </span>
    </span>
  );
}
